import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteRange, rangeLength } from '../../../shared/part-plan.ts';
import type { LedgerFacts } from '../ledger.ts';
import { linger } from './body.ts';
import { type Pieces, readRange } from './pieces.ts';

/** Bytes of files one after the other, of which `range` is sent. */
export type FileBody = { pieces: Pieces; range: ByteRange };

export type Answer = {
  status: number;
  /** A Content-Length among them tells of a body that is not sent, as answers to HEAD do. */
  headers: Record<string, string>;
  body: Buffer | FileBody | null;
  /** Whether the state changed and the change is durable. */
  committed: boolean;
  /** The service's code of an error; null for success. */
  code: string | null;
  /** What the ledger learns from it. */
  noted?: Partial<LedgerFacts>;
};

/** How an answer is sent: as it is, cut off in the middle, or in pieces at a pace of their own. */
export type AnswerShape =
  | { kind: 'whole' }
  | { kind: 'truncated' }
  | { kind: 'paced'; pace: (bytes: AsyncIterable<Buffer>) => AsyncIterable<Buffer> };

export const asItIs: AnswerShape = { kind: 'whole' };

/** Resolves when the answer is out, or the other side has gone. */
export async function sendAnswer(response: ServerResponse, answer: Answer, shape: AnswerShape): Promise<void> {
  const { body } = answer;
  if (shape.kind === 'truncated') return sendHalf(response, answer);
  response.writeHead(answer.status, headersOf(answer));
  if (body === null || (Buffer.isBuffer(body) && shape.kind === 'whole')) return sendAtOnce(response, body);
  const bytes = bytesOf(body);
  try {
    const paced = shape.kind === 'paced' ? shape.pace(bytes) : bytes;
    await pipeline(Readable.from(paced, { objectMode: false }), response);
  } catch {
    response.destroy();
  }
}

/** The connection ends with an answer that came before the end of the request, but not before it could be read. */
async function sendAtOnce(response: ServerResponse, body: Buffer | null): Promise<void> {
  if (!response.req.complete) {
    if (body) response.write(body);
    else response.flushHeaders();
    await linger(response.req);
    response.end();
  } else {
    response.end(body ?? undefined);
  }
}

/** An answer without body is cut off in its head. */
async function sendHalf(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.body === null) {
    response.socket?.end('HTTP/1.1 2');
    return;
  }
  const headers = headersOf(answer);
  response.writeHead(answer.status, headers);
  let left = Math.floor(Number(headers['Content-Length']) / 2);
  for await (const bytes of bytesOf(answer.body)) {
    response.write(bytes.subarray(0, left));
    left -= bytes.length;
    if (left <= 0) break;
  }
  response.socket?.end();
}

async function* bytesOf(body: Buffer | FileBody): AsyncIterable<Buffer> {
  if (Buffer.isBuffer(body)) yield body;
  else yield* readRange(body.pieces, body.range);
}

function headersOf({ status, headers, body }: Answer): Record<string, string> {
  if (status === 204 || status === 304) return headers;
  const length = body === null ? 0 : Buffer.isBuffer(body) ? body.length : rangeLength(body.range);
  return { 'Content-Length': String(length), ...headers };
}
