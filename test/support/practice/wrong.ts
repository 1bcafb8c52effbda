import type { Answer } from '../../../main/practice/exchange/answer.ts';
import type { BucketCall } from '../../../main/practice/buckets/protocol/call.ts';
import type { AdmittedCall } from '../../../main/practice/exchange/manners.ts';
import { removePart } from '../../../main/practice/vaults/store/uploads.ts';

/** The answer with a tree hash that nothing has: the header's, or else the first of a listing. */
export function withWrongTreeHash(answer: Answer): Answer {
  const header = answer.headers['x-amz-sha256-tree-hash'];
  if (header !== undefined) {
    return { ...answer, headers: { ...answer.headers, 'x-amz-sha256-tree-hash': wrong(header) } };
  }
  if (!Buffer.isBuffer(answer.body)) return answer;
  const text = answer.body.toString();
  const changed = text.replace(
    /("SHA256TreeHash":")([0-9a-f]{64})/,
    (_, key: string, hash: string) => key + wrong(hash),
  );
  return { ...answer, body: Buffer.from(changed) };
}

/** The answer with a checksum, or else an entity tag, that nothing has: the header's, or else the first of a body. */
export function withWrongChecksum(answer: Answer): Answer {
  const header = Object.keys(answer.headers).find((name) => /^x-amz-checksum-(?!type|algorithm)/i.test(name)) ?? 'ETag';
  const value = answer.headers[header];
  if (value !== undefined) return { ...answer, headers: { ...answer.headers, [header]: wrongBase64(value) } };
  if (!Buffer.isBuffer(answer.body)) return answer;
  const text = answer.body.toString();
  const changed = text.replace(
    /(<Checksum[A-Z0-9]+>)([^<]+)/,
    (_, tag: string, hash: string) => tag + wrongBase64(hash),
  );
  return { ...answer, body: Buffer.from(changed) };
}

function wrongBase64(text: string): string {
  const at = text.startsWith('"') ? 1 : 0;
  return text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
}

/** Answers as if the part had been stored. */
export async function losePart(admitted: AdmittedCall, answer: Answer): Promise<Answer> {
  if (admitted.for === 's3') return loseBucketPart(admitted, answer);
  const { store } = admitted.service;
  const { route, headers } = admitted.call;
  const upload = store.vaults.get(route.vault)?.uploads.get(route.id);
  const first = Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]);
  if (upload) await store.turns.run(() => removePart(store, upload, first));
  return { ...answer, committed: false };
}

function loseBucketPart({ service: { store }, call: { route } }: BucketCall, answer: Answer): Answer {
  const bucket = store.buckets.find(route.bucket);
  const upload = bucket && store.uploads.find(bucket, route.key, route.query.get('uploadId') ?? '');
  if (upload)
    store.files.discard(store.change(() => store.uploads.removePart(upload, Number(route.query.get('partNumber')))));
  return { ...answer, committed: false };
}

function wrong(hash: string): string {
  return (hash.startsWith('0') ? '1' : '0') + hash.slice(1);
}
