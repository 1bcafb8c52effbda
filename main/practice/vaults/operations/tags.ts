import { z } from 'zod';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import { type Operation, findVault } from '../protocol/call.ts';
import { readJson } from '../protocol/json-body.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { updateVault } from '../store/vaults.ts';

/** Documented. */
const MAX_TAGS = 50;
const MAX_TAGS_PER_CALL = 10;

const tagsBody = z.object({ Tags: z.record(z.string(), z.string()).nullish() });
const keysBody = z.object({ TagKeys: z.array(z.string()).nullish() });

export const listTagsForVault: Operation = (service, call) => {
  const vault = findVault(service, call);
  return vault.ok ? ok(jsonAnswer({ Tags: vault.value.record.tags })) : vault;
};

export const addTagsToVault: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const body = readJson(call.body, tagsBody);
  if (!body.ok) return body;
  const added = body.value.Tags ?? {};
  const problem = countProblem('Tags', Object.keys(added)) ?? tagProblem(added);
  if (problem) return fail(problem);
  const tags = { ...vault.value.record.tags, ...added };
  if (Object.keys(tags).length > MAX_TAGS) return fail(rejections.tooManyTags());
  await updateVault(vault.value, { tags });
  return ok(doneAnswer(204));
};

/** Keys that the vault does not have are no error. */
export const removeTagsFromVault: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const body = readKeys(readJson(call.body, keysBody));
  if (!body.ok) return body;
  const kept = Object.entries(vault.value.record.tags).filter(([key]) => !body.value.includes(key));
  await updateVault(vault.value, { tags: Object.fromEntries(kept) });
  return ok(doneAnswer(204));
};

function readKeys(body: Result<z.output<typeof keysBody>, Rejection>): Result<string[], Rejection> {
  if (!body.ok) return body;
  const keys = body.value.TagKeys ?? [];
  const problem = countProblem('TagKeys', keys);
  return problem ? fail(problem) : ok(keys);
}

function countProblem(name: string, keys: readonly string[]): Rejection | null {
  if (keys.length === 0) return rejections.parameterMissing(name);
  return keys.length > MAX_TAGS_PER_CALL ? rejections.parameter(name, `${keys.length} in one request`) : null;
}

function tagProblem(tags: Record<string, string>): Rejection | null {
  for (const [key, value] of Object.entries(tags)) {
    if (!/^[\p{L}\p{N} _./=+\-@:]{1,128}$/u.test(key) || key.startsWith('aws:'))
      return rejections.parameter('tag key', key);
    if (!/^[\p{L}\p{N} _./=+\-@:]{0,256}$/u.test(value)) return rejections.parameter('tag value', value);
  }
  return null;
}
