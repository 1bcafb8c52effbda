import type { PracticeRules } from '../rules.ts';
import { abortOf } from './operations/lifecycle-abort.ts';
import type { BucketStore } from './store/store.ts';

/** Aborts the uploads whose time by the buckets' own rules has come, and forgets what need not be remembered. */
export function sweepBuckets(store: BucketStore, now: number, rules: PracticeRules): void {
  for (const bucket of store.buckets.list()) {
    if (!bucket.settings.lifecycle) continue;
    const uploads = [...store.uploads.from(bucket, { key: '', isIncluded: true }, null)];
    const ended = uploads.filter(({ key, createdAt }) => now >= (abortOf(bucket, key, createdAt)?.at ?? Infinity));
    for (const upload of ended) store.files.discard(store.change(() => store.uploads.remove(upload)));
  }
  store.change(() => {
    store.uploads.forgetBefore(now - rules.completeMemoryMs);
  });
}
