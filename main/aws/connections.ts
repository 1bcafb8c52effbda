import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE, MiB, SECOND } from '../../shared/units.ts';
import { Agents } from './agents.ts';
import { type HttpAnswer, SinkFailure, type SinkFor, readAnswer } from './http-answer.ts';
import { type DeadConnections, isDead } from './dead-connections.ts';
import { networkFailure, wasCut } from './network-failure.ts';
import { BodyFailure, type BodyPace, type RequestBody, allOut, writeBody } from './request-body.ts';
import { watch } from './request-watch.ts';
import type { Route } from './route.ts';

/** All of a request but its body, signed and ready to go out. Header names in lower case. */
export type HttpRequestHead = {
  url: string;
  method: string;
  headers: Record<string, string>;
  route: Route;
};

export type ConnectionOptions = {
  /** How long a connection may stand still before it is given up. */
  idleTimeoutMs?: number;
  /** How long a connection may take to come about. */
  connectTimeoutMs?: number;
};

export type SendOptions = {
  signal: AbortSignal;
  idleTimeoutMs?: number;
  /** Longer answers are given up as `answer-garbled`. */
  maxAnswerBytes?: number;
  /** Spreads the body over time; without it the body goes out as fast as the line takes it. */
  pace?: BodyPace;
  /** Told the number of bytes each time some have left. */
  onSent?: (bytes: number) => void;
  /** Says for a success where its body goes, however long it is, instead of being kept. */
  sink?: SinkFor;
};

/** Keep-alive connections to HTTP services. */
export interface Connections {
  /**
   * Sends one request, once, and reads the whole answer, whatever its status. Trouble on the way is `offline`, `timed-out` or
   * `answer-garbled`. Closes the connection and throws when the signal is aborted or when the body or the sink throws.
   */
  send(head: HttpRequestHead, body: RequestBody, options: SendOptions): Promise<Result<HttpAnswer>>;
  /**
   * Closes connections that lead nowhere any more, in use or not: those from addresses that this computer no longer has, or all
   * of them. Requests on their way fail as `offline`.
   */
  drop(dead: DeadConnections): void;
  close(): void;
}

const defaults = { idleTimeoutMs: 2 * MINUTE, connectTimeoutMs: 30 * SECOND, maxAnswerBytes: 16 * MiB };

type Exchange = SendOptions & typeof defaults;

export function openConnections(common: ConnectionOptions = {}): Connections {
  const agents = new Agents();
  return {
    async send(head, body, options) {
      options.signal.throwIfAborted();
      const url = new URL(head.url);
      const agent = agents.agentFor(url, head.route);
      if (!agent.ok) return agent;
      const headers = { ...head.headers, ...contentLength(head.method, body) };
      const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = start(url, { method: head.method, headers, agent: agent.value });
      const settings = { ...defaults, ...common, ...options };
      // Each way gets its time.
      const connectTimeoutMs = settings.connectTimeoutMs * Math.max(1, head.route.ways.length);
      const answer = await exchange(request, body, { ...settings, connectTimeoutMs });
      // Where one kept connection had been closed, the others that are idle have been, too.
      if (isStale(answer)) agents.dropIdle(agent.value);
      return answer;
    },
    drop(dead) {
      agents.drop((socket) => isDead(socket, dead));
    },
    close() {
      agents.close();
    },
  };
}

function isStale(answer: Result<HttpAnswer>): boolean {
  return !answer.ok && answer.failure.kind === 'offline' && answer.failure.cause === 'stale';
}

/** Of a body whose length is known here; the service wants it also where there is none. */
function contentLength(method: string, body: RequestBody): Record<string, string> {
  if (body instanceof Uint8Array) return { 'content-length': String(body.length) };
  return body === null && method !== 'GET' ? { 'content-length': '0' } : {};
}

async function exchange(request: ClientRequest, body: RequestBody, options: Exchange): Promise<Result<HttpAnswer>> {
  const connection = watch(request, options);
  const writing = writeBody(request, body, {
    length: Number(request.getHeader('content-length') ?? 0),
    pace: options.pace ?? null,
    onSent(bytes) {
      connection.progress();
      options.onSent?.(bytes);
    },
  });
  try {
    // The answer may come before the body is out: the service has seen enough, and the rest stays at home.
    await Promise.race([writing, connection.answer.catch(() => null)]);
    const answer = await readAnswer(await connection.answer, { ...options, progress: connection.progress });
    await allOut(request);
    return ok(answer);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof BodyFailure || error instanceof SinkFailure) throw error.cause;
    const failure = networkFailure(connection.lossOf() ?? error, request.host);
    const isStale = request.reusedSocket && !connection.hasAnswered() && wasCut(error);
    return fail(isStale ? { kind: 'offline', detail: 'the connection was cut', cause: 'stale' } : failure);
  } finally {
    connection.release();
  }
}
