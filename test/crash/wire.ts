import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type Route, findRoute } from '../../main/practice/vaults/protocol/routes.ts';
import type { Acknowledged, Session } from './acknowledged.ts';
import { type Answer, cutOff, forgotten, refusalFor, reply, withWrongHash } from './answers.ts';
import type { Asked } from './asked.ts';
import type { Fault, Weather } from './weather.ts';

/** One request with what it is about. */
type Exchange = { session: Session; route: Route; range: string | null; asked: Asked };

/**
 * The line between Firn and the practice vault. It stays up while either is killed, keeps its address, makes the
 * weather, and overhears what was acknowledged to whom.
 */
export class Wire {
  readonly weather: Weather;
  readonly acknowledged: Acknowledged;
  readonly #server = http.createServer((request, response) => void this.#serve(request, response));
  readonly #completed = new Set<string>();
  readonly #forgotten = new Set<string>();
  #session: Session;
  /** What Firn has asked for since the session began. */
  asked: Asked[] = [];
  /** Where the practice vault listens. */
  vaultPort = 0;

  constructor(weather: Weather, acknowledged: Acknowledged) {
    this.weather = weather;
    this.acknowledged = acknowledged;
    this.#session = acknowledged.begin();
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A new life of Firn begins. What is still on the wire belongs to the one before. */
  beginSession(): void {
    this.#session = this.acknowledged.begin();
    this.asked = [];
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = findRoute(request.method ?? '', request.url ?? '');
    if (!route) {
      response.writeHead(400).end();
      return;
    }
    const { 'content-range': sent, range: wanted } = request.headers;
    const range = /^bytes[ =](\d+-\d+)/.exec(sent ?? wanted ?? '')?.[1] ?? null;
    const { operation, vault, id } = route;
    const asked: Asked = { operation, vault, id, range, isDone: false, inventoryJobId: null, isDelivered: false };
    this.asked.push(asked);
    const exchange = { session: this.#session, route, range, asked };
    // One of the two ends may die.
    const answer = await this.#carry(exchange, request).catch(() => null);
    if (answer?.isTrue) this.#confirm(exchange, answer);
    else this.#leaveUnanswered(exchange);
    if (answer === null) response.destroy();
    else reply(response, answer);
    if (answer?.isTrue && answer.status < 300) response.once('finish', () => (asked.isDelivered = true));
  }

  /** What Firn gets to hear; null when the connection breaks. */
  async #carry(exchange: Exchange, request: IncomingMessage): Promise<Answer | null> {
    const { session, route, range } = exchange;
    if (route.operation === 'UploadMultipartPart') this.acknowledged.partBegins(session, route.id, range ?? '');
    const fault = this.#fault(route);
    if (fault === 'lost') return null;
    if (fault === 'forgotten') return forgotten(route.id);
    const refusal = refusalFor(fault);
    if (refusal && fault !== '500 afterwards') {
      request.resume();
      await once(request, 'end');
      return refusal;
    }
    const body = route.operation === 'InitiateJob' ? bodyOf(request).catch(() => null) : null;
    const answer = await this.#ask(request);
    this.#overhear(exchange, answer, await body);
    await wait(this.weather.delayMs());
    if (fault === 'answer lost') return null;
    if (fault === 'cut off') return cutOff(answer);
    return refusal ?? (fault === 'wrong hash' ? withWrongHash(answer) : answer);
  }

  #fault({ operation, id }: Route): Fault | null {
    if (this.#forgotten.has(id) && operation === 'CompleteMultipartUpload') return 'forgotten';
    const fault = this.weather.next(operation, this.#completed.has(id));
    if (fault === 'forgotten') this.#forgotten.add(id);
    return fault;
  }

  async #ask(request: IncomingMessage): Promise<Answer> {
    const { method, url, headers } = request;
    const asked = http.request({
      host: '127.0.0.1',
      port: this.vaultPort,
      method,
      path: url,
      headers: { ...headers, connection: 'close' },
      agent: false,
    });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    await Promise.all([pipeline(request, asked), answered]);
    const [message] = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
    return { status: message.statusCode ?? 0, headers: message.headers, body: Buffer.concat(chunks), isTrue: true };
  }

  /** What the vault did, whether or not Firn gets to know. */
  #overhear({ route, range, asked }: Exchange, { status, headers }: Answer, body: string | null): void {
    asked.isDone = status < 300;
    if (asked.isDone && body?.includes('"inventory-retrieval"')) asked.inventoryJobId = String(headers['x-amz-job-id']);
    if (status === 204 && route.operation === 'UploadMultipartPart') {
      this.acknowledged.partStored(route.id, range ?? '');
    }
    if (status === 201 && route.operation === 'CompleteMultipartUpload') this.#completed.add(route.id);
  }

  #leaveUnanswered({ session, route, range }: Exchange): void {
    if (route.operation === 'UploadMultipartPart') session.unanswered(route.id, range ?? '');
  }

  /** What the answer tells Firn. */
  #confirm({ session, route, range }: Exchange, { status, headers, body }: Answer): void {
    if (status >= 300) return;
    if (route.operation === 'UploadMultipartPart') session.confirmed(route.id, range ?? '');
    if (route.operation === 'InitiateMultipartUpload') session.initiated(String(headers['x-amz-multipart-upload-id']));
    if (route.operation !== 'ListParts') return;
    const { Parts } = JSON.parse(body.toString()) as { Parts: { RangeInBytes: string }[] };
    session.listed(
      route.id,
      Parts.map((part) => part.RangeInBytes),
    );
  }
}

/** Of a request that is on its way through. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return Buffer.concat(chunks).toString();
}
