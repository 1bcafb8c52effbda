import { redact } from '../../shared/redact.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import { type Refusal, refusalOf } from '../aws/refusal.ts';
import { isRegion } from './address.ts';
import { UnexpectedXml, type XmlElement, parseXml } from './xml.ts';

export type S3Refusal = Refusal & {
  /** What else the body says, by the name of its element. */
  fields: ReadonlyMap<string, string>;
  /** Where the bucket is, when the service tells it. */
  bucketRegion: string | null;
};

/** Reads an answer that is no success. A refused HEAD has no body, and HTML on the way leaves only the status to go by. */
export function readRefusal(answer: HttpAnswer): S3Refusal {
  return refusalIn(answer, errorIn(answer.body));
}

/** What the service says in an `<Error>`, whatever the status of the answer that holds it. */
export function refusalIn(answer: HttpAnswer, error: XmlElement | null): S3Refusal {
  const fields = new Map((error?.children ?? []).map(({ name, text }) => [name, text]));
  // Some refusals quote the request with all its headers.
  const message = redact(fields.get('Message') ?? '');
  const region = answer.headers['x-amz-bucket-region'] ?? fields.get('Region') ?? '';
  return {
    ...refusalOf(answer, { code: fields.get('Code') ?? '', message }),
    fields,
    bucketRegion: isRegion(region) ? region : null,
  };
}

function errorIn(body: Uint8Array): XmlElement | null {
  try {
    const root = parseXml(body);
    return root.name === 'Error' ? root : null;
  } catch (error) {
    if (error instanceof UnexpectedXml) return null;
    throw error;
  }
}
