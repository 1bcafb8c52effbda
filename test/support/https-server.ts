import { type RequestListener, type Server, createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import {
  type AddressInfo,
  type Server as NetServer,
  type Socket,
  connect,
  createServer as createSocketServer,
} from 'node:net';
import { afterEach } from 'vitest';
import { testCertificate } from './certificate.ts';

/** An HTTPS server with the tests' certificate. Gone after the test. */
export async function httpsServer(answer: RequestListener): Promise<{ url: string }> {
  const server = createServer(testCertificate, answer);
  return { url: `https://localhost:${await listen(server)}` };
}

export type TestProxy = { url: string; tunnels: { target: string; authorization: string | undefined }[] };

export type ProxyManners = {
  /** Answered instead of opening a tunnel. */
  status?: number;
  /** Speaks TLS with the tests' certificate. */
  secure?: boolean;
  /** The header `Proxy-Authorization` without which it answers 407. */
  authorization?: string;
  /** What it answers 407 with. */
  challenges?: readonly string[];
};

/** A proxy that opens tunnels, whatever the name, to this computer. Gone after the test. */
export async function proxyServer({
  status = 200,
  secure,
  authorization,
  challenges = [],
}: ProxyManners = {}): Promise<TestProxy> {
  const tunnels: TestProxy['tunnels'] = [];
  const server = secure ? createServer(testCertificate) : createPlainServer();
  server.on('connect', (request, client, head) => {
    const given = request.headers['proxy-authorization'];
    tunnels.push({ target: request.url ?? '', authorization: given });
    client.on('error', () => undefined);
    const answer = authorization !== undefined && given !== authorization ? 407 : status;
    if (answer !== 200) {
      const lines = challenges.map((challenge) => `Proxy-Authenticate: ${challenge}\r\n`);
      client.end(`HTTP/1.1 ${answer} No\r\n${lines.join('')}\r\n`);
      return;
    }
    const { port } = new URL(`http://${request.url ?? ''}`);
    const target = connect(Number(port), 'localhost', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  const port = await listen(server);
  return { url: secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`, tunnels };
}

/** A SOCKS 5 proxy (RFC 1928) that opens ways, with that login (RFC 1929) or without one. Gone after the test. */
export async function socksServer(login: string | null = null): Promise<{ url: string; targets: string[] }> {
  const targets: string[] = [];
  const server = createSocketServer((client) => {
    client.on('error', () => undefined);
    const steps: ((data: Buffer) => void)[] = [
      () => client.write(Buffer.from([5, login === null ? 0 : 2])),
      ...(login === null ? [] : [(data: Buffer) => client.write(Buffer.from([1, loginIn(data) === login ? 0 : 1]))]),
      (data) => {
        const host = data.subarray(5, 5 + (data[4] ?? 0)).toString();
        const port = data.readUInt16BE(data.length - 2);
        targets.push(`${host}:${port}`);
        const target = connect(port, 'localhost', () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          target.pipe(client).pipe(target);
        });
        target.on('error', () => client.destroy());
        client.on('close', () => target.destroy());
      },
    ];
    const read = (data: Buffer): void => {
      steps.shift()?.(data);
      if (steps.length === 0) client.off('data', read);
    };
    client.on('data', read);
  });
  return { url: `socks5h://127.0.0.1:${await listen(server)}`, targets };
}

function loginIn(data: Buffer): string {
  const nameEnd = 2 + (data[1] ?? 0);
  return `${data.subarray(2, nameEnd).toString()}:${data.subarray(nameEnd + 1).toString()}`;
}

/** Takes connections and never says a word. Gone after the test. */
export async function silentServer(): Promise<{ port: number }> {
  return { port: await listen(createSocketServer((socket) => socket.on('error', () => undefined).resume())) };
}

async function listen(server: Server | NetServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  running.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
}

const running: { server: Server | NetServer; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of running.splice(0)) {
    // Tunnels are no longer connections in the eyes of the server, so it would wait for them.
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});
