import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type VaultOperation, findRoute } from '../../main/practice/vaults/protocol/routes.ts';

/** A request that went out on the line. */
export type Passage = {
  operation: VaultOperation | null;
  vault: string | null;
  /** Of the operations on one multipart upload. */
  multipartUploadId: string | null;
  range: string | null;
  /** Bytes of the body that came from the client. */
  bytes: number;
  /** Of the answer that reached the client whole; null while, or because, none did. */
  status: number | null;
};

/** What a request meets on its way. */
export type Trouble =
  /** The connection is cut before the service hears of the request, after so many bytes of the body. */
  | { kind: 'cut'; afterBytes: number }
  /** The service does as it is asked, and the connection is cut before its answer. */
  | { kind: 'lose-answer' }
  /** Somebody on the way, or the service itself, answers this instead. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** The service's answer arrives with other headers, without those whose value is empty, and perhaps with another body of the same length. */
  | { kind: 'change-answer'; headers: Record<string, string>; body?: Buffer };

/** A request that stands still until it is let go. `arrived` resolves when it has come. */
export type Gate = { arrived: Promise<Passage>; open: () => void };

type Place = 'request' | 'answer';
type Guard = { operation: VaultOperation; place: Place; came: (passage: Passage) => void; opened: Promise<void> };
type Planned = { operation: VaultOperation; trouble: Trouble; times: number };

/**
 * The network between Firn and the practice vault: an HTTP relay on loopback that loses, delays and changes on request.
 * It passes headers on as they are, so that signatures stay valid.
 */
export class Line {
  readonly passages: Passage[] = [];
  /** Hears of each answer on its way back, with the bytes of its body, before any of them arrives. */
  carries: (passage: Passage, bytes: number) => void = () => undefined;
  readonly #server: http.Server;
  readonly #serviceUrl: () => string;
  #isDown = false;
  #planned: Planned[] = [];
  #guards: Guard[] = [];
  readonly #serving = new Map<Promise<unknown>, http.ServerResponse>();

  private constructor(serviceUrl: () => string) {
    this.#serviceUrl = serviceUrl;
    this.#server = http.createServer({ requestTimeout: 0 }, (request, response) => {
      void this.#relay(request, response).catch(() => request.socket.destroy());
    });
  }

  static async open(serviceUrl: () => string): Promise<Line> {
    const line = new Line(serviceUrl);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next requests of that operation meet the trouble. */
  next(operation: VaultOperation, trouble: Trouble, times = 1): void {
    this.#planned.push({ operation, trouble, times });
  }

  /** Stops the next request of that operation on its way to the service, or the service's answer on its way back. */
  gate(operation: VaultOperation, place: Place = 'request'): Gate {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const arrived = new Promise<Passage>((came) => this.#guards.push({ operation, place, came, opened }));
    return { arrived, open };
  }

  /** No more trouble; what was planned and never met is forgotten. */
  calm(): void {
    this.#planned = [];
    this.#isDown = false;
  }

  /** Cuts every connection, and each that is tried until it is `up`. */
  down(): void {
    this.#isDown = true;
    this.#server.closeAllConnections();
  }

  up(): void {
    this.#isDown = false;
  }

  /** Resolves when the service has done with every request whose asker has gone. */
  async quiet(): Promise<void> {
    const orphans = [...this.#serving].filter(([, response]) => response.destroyed).map(([serving]) => serving);
    await Promise.allSettled(orphans);
  }

  /** Requests of that operation so far. */
  count(operation: VaultOperation): number {
    return this.passages.filter((passage) => passage.operation === operation).length;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.down();
    await closed;
  }

  async #relay(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const passage = passageOf(request);
    // Only the service knows its time.
    response.sendDate = false;
    this.passages.push(passage);
    request.on('data', (piece: Buffer) => (passage.bytes += piece.length));
    request.pause();
    await this.#pass(passage, 'request');
    const trouble: Trouble | null = this.#isDown ? { kind: 'cut', afterBytes: 0 } : this.#trouble(passage);
    if (trouble?.kind === 'answer') return answer(request, response, passage, trouble);
    if (trouble?.kind === 'cut') {
      cut(request, trouble.afterBytes);
      return;
    }
    const serving = this.#serve(request, response);
    this.#serving.set(serving, response);
    const served = await serving.finally(() => this.#serving.delete(serving));
    await this.#pass(passage, 'answer');
    this.carries(passage, served.body.length);
    if (response.destroyed) return;
    if (trouble?.kind === 'lose-answer') {
      request.socket.destroy();
      return;
    }
    const change = trouble?.kind === 'change-answer' ? trouble : null;
    const headers = Object.entries({ ...served.headers, ...change?.headers }).filter(([, value]) => value !== '');
    response.writeHead(served.status, Object.fromEntries(headers));
    await new Promise<void>((resolve) => response.end(change?.body ?? served.body, resolve));
    passage.status = served.status;
  }

  #trouble({ operation }: Passage): Trouble | null {
    const index = this.#planned.findIndex((planned) => planned.operation === operation && planned.times > 0);
    const planned = this.#planned[index];
    if (!planned) return null;
    planned.times -= 1;
    return planned.trouble;
  }

  async #pass(passage: Passage, place: Place): Promise<void> {
    const index = this.#guards.findIndex((guard) => guard.operation === passage.operation && guard.place === place);
    const [guard] = index < 0 ? [] : this.#guards.splice(index, 1);
    guard?.came(passage);
    await guard?.opened;
  }

  /** The service's whole answer. When the client hangs up before all of the request is there, the service sees that, too. */
  #serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const { method, headers } = request;
      const url = new URL(request.url ?? '/', this.#serviceUrl());
      const onward = http.request(url, { method: method ?? 'GET', headers, agent: false });
      response.once('close', () => {
        if (!request.complete) onward.destroy();
      });
      onward.once('error', reject);
      onward.once('response', (reply) => {
        const pieces: Buffer[] = [];
        reply.on('data', (piece: Buffer) => pieces.push(piece));
        reply.once('error', reject);
        reply.once('end', () => {
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(pieces) });
        });
      });
      // Whoever asked may have gone while the request stood at a gate; it arrives nevertheless.
      if (request.destroyed) onward.end();
      else request.pipe(onward);
    });
  }
}

/** Reads the request to its end, as services do, and answers in the service's place. */
async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  passage: Passage,
  { status, headers = {}, body = '' }: Extract<Trouble, { kind: 'answer' }>,
): Promise<void> {
  request.resume();
  if (!request.complete) await new Promise((resolve) => request.once('end', resolve));
  response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
  await new Promise<void>((resolve) => response.end(body, resolve));
  passage.status = status;
}

function cut(request: http.IncomingMessage, afterBytes: number): void {
  let bytes = 0;
  const stop = (): void => {
    request.socket.destroy();
  };
  if (afterBytes === 0 || request.readableEnded) {
    stop();
    return;
  }
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes >= afterBytes) stop();
  });
  request.once('end', stop);
  request.resume();
}

function passageOf({ method, url, headers }: http.IncomingMessage): Passage {
  const route = findRoute(method ?? '', url ?? '');
  return {
    operation: route?.operation ?? null,
    vault: route?.vault ?? null,
    multipartUploadId: route && /Part|Multipart/.test(route.operation) && route.id !== '' ? route.id : null,
    range: headers['content-range'] ?? headers.range ?? null,
    bytes: 0,
    status: null,
  };
}

/** Glacier's way to refuse. */
export function refusal(status: number, code: string, message = ''): Trouble {
  const headers = { 'content-type': 'application/json', 'x-amzn-RequestId': 'request-of-the-line' };
  return { kind: 'answer', status, headers, body: JSON.stringify({ code, message, type: 'Client' }) };
}
