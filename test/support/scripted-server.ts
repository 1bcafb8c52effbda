import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { afterEach } from 'vitest';

export type ReceivedRequest = {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Counts the connections; requests with the same number came over the same one. */
  connection: number;
};

/** What the server does with a request: `socket` is open and nothing has been answered. */
export type Step = (socket: Socket, request: ReceivedRequest) => void;

export type ScriptedServer = {
  url: string;
  received: ReceivedRequest[];
  /** The next requests get these answers, in order. A request without one is never answered. */
  next(...steps: Step[]): void;
  /** Answers before the body has come, as soon as the headers are there. */
  early(step: Step): void;
  /** Resolves when every connection is closed by the client's doing. */
  allClosed(): Promise<void>;
};

/** A server that speaks bytes, so that it can do to a client what no HTTP library would. Gone after the test. */
export async function scriptedServer(): Promise<ScriptedServer> {
  const steps: Step[] = [];
  const earlySteps: Step[] = [];
  const received: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const closed: (() => void)[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    const connection = connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const resolve of closed.splice(0)) resolve();
    });
    readRequests(socket, {
      head: (request) => earlySteps.shift()?.(socket, { ...request, connection }),
      whole: (request) => {
        received.push({ ...request, connection });
        steps.shift()?.(socket, { ...request, connection });
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ server, sockets });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    next: (...more) => void steps.push(...more),
    early: (step) => void earlySteps.push(step),
    async allClosed() {
      if (sockets.size > 0) await new Promise<void>((resolve) => closed.push(resolve));
    },
  };
}

/** An answer as it should be. `json` or `text` is its body. */
export function reply(
  status: number,
  { headers = {}, json, text }: { headers?: Record<string, string>; json?: unknown; text?: string } = {},
): Step {
  const body = json === undefined ? (text ?? '') : JSON.stringify(json);
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return (socket) => socket.write(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n${body}`);
}

/** Glacier's way to refuse. */
export function refuse(status: number, code: string, message = '', headers: Record<string, string> = {}): Step {
  return reply(status, { json: { code, message, type: 'Client' }, headers });
}

type Heard = Omit<ReceivedRequest, 'connection'>;

function readRequests(socket: Socket, on: { head: (request: Heard) => void; whole: (request: Heard) => void }): void {
  let pieces: Buffer[] = [];
  let length = 0;
  let head: Heard | null = null;
  const take = (count: number): Buffer => {
    const bytes = Buffer.concat(pieces);
    pieces = [bytes.subarray(count)];
    length = bytes.length - count;
    return bytes.subarray(0, count);
  };
  socket.on('data', (chunk: Buffer) => {
    pieces.push(chunk);
    length += chunk.length;
    for (;;) {
      if (head === null) {
        const end = Buffer.concat(pieces).indexOf('\r\n\r\n');
        if (end < 0) return;
        head = parseHead(
          take(end + 4)
            .toString('latin1')
            .trimEnd(),
        );
        on.head(head);
      }
      const bodyLength = Number(head.headers['content-length'] ?? 0);
      if (length < bodyLength) return;
      const whole = { ...head, body: take(bodyLength) };
      head = null;
      on.whole(whole);
    }
  });
}

function parseHead(text: string): Heard {
  const [requestLine = '', ...lines] = text.split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { method, target, headers, body: Buffer.alloc(0) };
}

const running: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});
