import { type Result, fail, ok } from '../../../../shared/result.ts';
import { type Refusal, refusals } from './refusals.ts';

/** `k=v&k2=v2`, as the header has it. Documented: at most ten, names of 128 and values of 256 characters. */
export function readTagging(text: string): Result<Record<string, string>, Refusal> {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > 10) return fail(refusals.tooManyTags());
  const tags = new Map(pairs);
  if (tags.size < pairs.length) return fail(refusals.tag('Cannot provide multiple Tags with the same key'));
  for (const [key, value] of pairs) {
    if (key === '' || key.length > 128) return fail(refusals.tag('The TagKey you have provided is invalid'));
    if (value.length > 256) return fail(refusals.tag('The TagValue you have provided is invalid'));
  }
  return ok(Object.fromEntries(tags));
}
