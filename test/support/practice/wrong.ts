import type { Answer } from '../../../main/practice/protocol/answer.ts';
import type { Call, Service } from '../../../main/practice/protocol/call.ts';
import { removePart } from '../../../main/practice/store/uploads.ts';

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

/** Answers as if the part had been stored. */
export async function losePart({ store }: Service, { route, headers }: Call, answer: Answer): Promise<Answer> {
  const upload = store.vaults.get(route.vault)?.uploads.get(route.id);
  const first = Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]);
  if (upload) await store.turns.run(() => removePart(store, upload, first));
  return { ...answer, committed: false };
}

function wrong(hash: string): string {
  return (hash.startsWith('0') ? '1' : '0') + hash.slice(1);
}
