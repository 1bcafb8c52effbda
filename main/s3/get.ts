import type { Failure } from '../../shared/failure.ts';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import { errorText } from '../../shared/error-text.ts';
import { type Result, ok } from '../../shared/result.ts';
import { garbled } from '../aws/garbled.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { OutputGone, Sink } from '../places/ports/thaw.ts';
import type { Client } from './client.ts';
import type { S3Refusal } from './refusal.ts';
import { type ObjectName, versionQuery } from './refs.ts';
import { UnexpectedXml } from './xml.ts';

/**
 * Streams a range of exactly this state of an object into `write`. `output-gone` when the object is archived and no copy of it is
 * there; `archive-differs` when another object has its name by now.
 */
export async function getRange(
  client: Client,
  { bucket, object, range }: { bucket: string; object: ObjectName; range: ByteRange },
  { write, signal }: { write: Sink; signal: AbortSignal },
): Promise<Result<null, Failure | OutputGone>> {
  let length = 0;
  const take = async (bytes: Uint8Array): Promise<void> => {
    length += bytes.length;
    await write(bytes);
  };
  const sink = (head: Pick<HttpAnswer, 'status' | 'headers'>): Sink => {
    if (!isRange(head, range)) throw new UnexpectedXml('it is another range than the one asked for');
    return take;
  };
  try {
    const answer = await client.call<Failure | OutputGone>(
      {
        method: 'GET',
        bucket,
        key: object.key,
        query: versionQuery(object),
        headers: {
          range: `bytes=${range.first}-${range.last}`,
          ...(object.etag !== '' && { 'if-match': `"${object.etag}"` }),
        },
        action: 's3:GetObject',
        thing: 'The object',
        isRepeatable: false,
        ownOutcome: readOutOfReach,
        sink,
      },
      signal,
    );
    if (!answer.ok) return answer;
    return length === rangeLength(range) ? ok(null) : garbled('it has another length than the range asked for');
  } catch (error) {
    if (error instanceof UnexpectedXml) return garbled(errorText(error));
    throw error;
  }
}

function isRange({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>, { first, last }: ByteRange): boolean {
  return status === 206 && (headers['content-range'] ?? '').startsWith(`bytes ${first}-${last}/`);
}

function readOutOfReach({ status, code }: S3Refusal): OutputGone | Failure | null {
  if (code === 'InvalidObjectState') return { kind: 'output-gone' };
  return status === 412 ? { kind: 'archive-differs', what: 'another object has its name by now' } : null;
}
