import { type ClientRequest, type IncomingMessage, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE, MiB, SECOND, formatBytes } from '../../shared/units.ts';
import { UnusableAnswer, networkFailure } from './network-failure.ts';
import { BodyFailure, type RequestBody, writeBody } from './request-body.ts';
import { type Watch, watch } from './request-watch.ts';

/** All of a request but its body, signed and ready to go out. Header names in lower case. */
export type HttpRequestHead = { url: string; method: string; headers: Record<string, string> };

/** An answer with its body whole. Header names in lower case. */
export type HttpAnswer = { status: number; headers: Record<string, string>; body: Uint8Array };

export type ConnectionOptions = {
  /** How long a connection may stand still before it is given up. */
  idleTimeoutMs?: number;
  /** How long a connection may take to come about. */
  connectTimeoutMs?: number;
};

export type SendOptions = ConnectionOptions & {
  signal: AbortSignal;
  /** Longer answers are given up as `answer-garbled`. */
  maxAnswerBytes?: number;
  /** Told the number of bytes each time some have left. */
  onSent?: (bytes: number) => void;
};

/** Keep-alive connections to HTTP services. */
export interface Connections {
  /**
   * Sends one request, once, and reads the whole answer, whatever its status. Trouble on the way is `offline`, `timed-out` or
   * `answer-garbled`. When the signal is aborted, or the body throws, the connection is closed and the reason is thrown.
   */
  send(head: HttpRequestHead, body: RequestBody, options: SendOptions): Promise<Result<HttpAnswer>>;
  close(): void;
}

const defaults = { idleTimeoutMs: 2 * MINUTE, connectTimeoutMs: 30 * SECOND, maxAnswerBytes: 16 * MiB };
/** A service closes idle connections after a while; a request that meets such a one fails, so Firn closes them sooner. */
const KEEP_ALIVE_MS = 15 * SECOND;

type Exchange = Required<ConnectionOptions> & {
  signal: AbortSignal;
  maxAnswerBytes: number;
  onSent?: (bytes: number) => void;
};

export function openConnections(common: ConnectionOptions = {}): Connections {
  const agentOptions = { keepAlive: true, timeout: KEEP_ALIVE_MS };
  const agents = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };
  const start = (url: URL, head: HttpRequestHead, body: RequestBody): ClientRequest => {
    const headers = { ...head.headers, ...contentLength(head.method, body) };
    const options = { method: head.method, headers };
    return url.protocol === 'https:'
      ? httpsRequest(url, { ...options, agent: agents.https })
      : httpRequest(url, { ...options, agent: agents.http });
  };
  return {
    async send(head, body, options) {
      options.signal.throwIfAborted();
      const url = new URL(head.url);
      const refusal = unsafe(url);
      return refusal ? fail(refusal) : exchange(start(url, head, body), body, { ...defaults, ...common, ...options });
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Of a body whose length is known here; the service wants it also where there is none. */
function contentLength(method: string, body: RequestBody): Record<string, string> {
  if (body instanceof Uint8Array) return { 'content-length': String(body.length) };
  return body === null && method !== 'GET' ? { 'content-length': '0' } : {};
}

/** Secrets and archives travel encrypted; only what never leaves this computer may go without. */
function unsafe(url: URL): Failure | null {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return null;
  return {
    kind: 'invalid-input',
    detail: `The address ${url.origin} is not safe to use: it must begin with https://.`,
  };
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

async function exchange(request: ClientRequest, body: RequestBody, options: Exchange): Promise<Result<HttpAnswer>> {
  const connection = watch(request, options);
  const writing = writeBody(request, body, {
    stopped: connection.isSettled,
    onSent(bytes) {
      connection.progress();
      options.onSent?.(bytes);
    },
  });
  try {
    // The answer may come before the body is out: the service has seen enough, and the rest need not be sent.
    await Promise.race([writing, connection.answer.catch(() => null)]);
    return ok(await readAnswer(await connection.answer, options.maxAnswerBytes, connection));
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof BodyFailure) throw error.cause;
    return fail(networkFailure(connection.lossOf() ?? error, request.host));
  } finally {
    connection.release();
  }
}

async function readAnswer(message: IncomingMessage, maxBytes: number, connection: Watch): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    connection.progress();
    length += chunk.length;
    if (length > maxBytes) throw new UnusableAnswer(`it is longer than ${formatBytes(maxBytes)}`);
    chunks.push(chunk);
  }
  return { status: message.statusCode ?? 0, headers: plainHeaders(message), body: Buffer.concat(chunks) };
}

function plainHeaders(message: IncomingMessage): Record<string, string> {
  const entries = Object.entries(message.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
