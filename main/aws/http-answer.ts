import type { IncomingMessage } from 'node:http';
import { formatBytes } from '../../shared/units.ts';
import type { Sink } from '../places/ports/archive-service.ts';
import { UnusableAnswer } from './network-failure.ts';

/** An answer. Header names in lower case. `body` is empty when it was handed on as it came. */
export type HttpAnswer = { status: number; headers: Record<string, string>; body: Uint8Array };

export type SinkFor = (head: Pick<HttpAnswer, 'status' | 'headers'>) => Sink;

export type Reading = {
  maxAnswerBytes: number;
  /** Where the body of a success goes. */
  sink?: SinkFor;
  /** Told that bytes have come. */
  progress: () => void;
};

/** Carries what a sink threw past the errors of the connection. */
export class SinkFailure extends Error {
  override name = 'SinkFailure';
}

/** Reads the answer to its end. Throws UnusableAnswer when it is too long, and SinkFailure. */
export async function readAnswer(message: IncomingMessage, reading: Reading): Promise<HttpAnswer> {
  const status = message.statusCode ?? 0;
  const kept: Uint8Array[] = [];
  const headers = plainHeaders(message);
  const { sink } = reading;
  const isSuccess = status >= 200 && status < 300;
  const take = sink && isSuccess ? handOn(sink, { status, headers }) : keepIn(kept, reading.maxAnswerBytes);
  for await (const chunk of message as AsyncIterable<Buffer>) {
    await take(chunk);
    reading.progress();
  }
  return { status, headers, body: Buffer.concat(kept) };
}

type Take = (chunk: Uint8Array) => Promise<void>;

function keepIn(kept: Uint8Array[], maxBytes: number): Take {
  let length = 0;
  return (chunk) => {
    length += chunk.length;
    if (length > maxBytes) throw new UnusableAnswer(`it is longer than ${formatBytes(maxBytes)}`);
    kept.push(chunk);
    return Promise.resolve();
  };
}

function handOn(sinkFor: SinkFor, head: Parameters<SinkFor>[0]): Take {
  let sink: Sink | null = null;
  return async (chunk) => {
    try {
      sink ??= sinkFor(head);
      await sink(chunk);
    } catch (cause) {
      throw new SinkFailure('the answer could not be handed on', { cause });
    }
  };
}

function plainHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return headers;
}
