import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteRange, rangeLength } from '../../../shared/part-plan.ts';
import { type Pieces, readRange } from '../tree-range.ts';
import type { Rejection } from './rejections.ts';

/** Bytes of files one after the other, of which `range` is sent. */
export type FileBody = { pieces: Pieces; range: ByteRange };

export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: Buffer | FileBody | null;
  /** Whether the state changed and the change is durable. */
  committed: boolean;
};

export function jsonAnswer(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
    committed: false,
  };
}

/** An answer without body after a change. */
export function doneAnswer(status: 201 | 202 | 204, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: null, committed: true };
}

export function rejectionAnswer({ status, code, message, type, layer }: Rejection): Answer {
  const body = layer === 'signature' ? { message, code, type } : { code, message, type };
  return { ...jsonAnswer(body), status };
}

/** Resolves when the answer is out, or the other side has gone. */
export async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer;
  response.writeHead(answer.status, headersOf(answer));
  if (body === null || Buffer.isBuffer(body)) {
    response.end(body ?? undefined);
    return;
  }
  try {
    await pipeline(Readable.from(readRange(body.pieces, body.range), { objectMode: false }), response);
  } catch {
    response.destroy();
  }
}

function headersOf({ status, headers, body }: Answer): Record<string, string> {
  if (status === 204) return headers;
  const length = body === null ? 0 : Buffer.isBuffer(body) ? body.length : rangeLength(body.range);
  return { ...headers, 'Content-Length': String(length) };
}
