import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { formatDuration } from '../../shared/units.ts';
import { IdleConnection } from './network-failure.ts';

export type WatchOptions = { signal: AbortSignal; idleTimeoutMs: number; connectTimeoutMs: number };

export interface Watch {
  /** Fails when the connection does: with its error, because it stood still, or because the signal was aborted. */
  readonly answer: Promise<IncomingMessage>;
  /** Why the watch itself closed the connection; null when it did not. An answer that was coming in just breaks off. */
  readonly lossOf: () => IdleConnection | null;
  /** Whether any of the answer has come. */
  readonly hasAnswered: () => boolean;
  /** Bytes have moved, so the wait begins anew. */
  readonly progress: () => void;
  /** Ends the watch, and the connection too unless the exchange came to its proper end. */
  release(): void;
}

/** Closes the socket of a request that stands still for too long or whose signal is aborted. */
export function watch(request: ClientRequest, { signal, idleTimeoutMs, connectTimeoutMs }: WatchOptions): Watch {
  const stop = (): void => {
    request.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  };
  signal.addEventListener('abort', stop, { once: true });
  let loss: IdleConnection | null = null;
  const patience = new Patience((message) => {
    loss = new IdleConnection(message);
    request.destroy(loss);
  });
  patience.start(connectTimeoutMs, `no connection within ${formatDuration(connectTimeoutMs)}`);
  whenConnected(request, () => {
    patience.start(idleTimeoutMs, `nothing moved for ${formatDuration(idleTimeoutMs)}`);
  });
  let response: IncomingMessage | null = null;
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', (message: IncomingMessage) => {
      response = message;
      resolve(message);
    });
    request.on('error', reject);
    request.once('close', () => {
      reject(new Error('the connection was closed'));
    });
  });
  return {
    answer,
    lossOf: () => loss,
    hasAnswered: () => response !== null,
    progress: () => {
      patience.renew();
    },
    release() {
      patience.end();
      signal.removeEventListener('abort', stop);
      if (!(response?.complete && request.writableFinished)) request.destroy();
    },
  };
}

/** One timer that calls back unless it is renewed in time. */
class Patience {
  readonly #lost: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(lost: (message: string) => void) {
    this.#lost = lost;
  }

  start(ms: number, message: string): void {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    this.#timer = setTimeout(() => {
      this.#lost(message);
    }, ms);
  }

  renew(): void {
    this.#timer?.refresh();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }
}

function whenConnected(request: ClientRequest, callback: () => void): void {
  request.once('socket', (socket: Socket) => {
    if (!socket.connecting) callback();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', callback);
  });
}
