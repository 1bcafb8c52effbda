import { z } from 'zod';
import { type Result, ok } from '../../shared/result.ts';
import { parseAnswer } from './answer.ts';
import type { Client } from './client.ts';

export type Tags = Record<string, string>;

/** Glacier takes so many at once, and keeps 50 for a vault. */
const TAGS_PER_REQUEST = 10;

const answer = z.object({ Tags: z.record(z.string(), z.string()).nullish() });

export async function listTags(client: Client, vault: string, signal: AbortSignal): Promise<Result<Tags>> {
  const listed = await client.call({ method: 'GET', path: ['vaults', vault, 'tags'] }, signal);
  if (!listed.ok) return listed;
  const tags = parseAnswer(listed.value, answer);
  return tags.ok ? ok(tags.value.Tags ?? {}) : tags;
}

/** Adds tags or gives them new values, ten at a time; when it fails, some may have been added. */
export function addTags(client: Client, vault: string, tags: Tags, signal: AbortSignal): Promise<Result<null>> {
  return inBatches(Object.entries(tags), (batch) => {
    const json = { Tags: Object.fromEntries(batch) };
    return client.command(
      { method: 'POST', path: ['vaults', vault, 'tags'], query: { operation: 'add' }, json },
      signal,
    );
  });
}

/** Removing a tag that is not there succeeds. */
export function removeTags(
  client: Client,
  vault: string,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Result<null>> {
  return inBatches(keys, (TagKeys) => {
    const query = { operation: 'remove' };
    return client.command({ method: 'POST', path: ['vaults', vault, 'tags'], query, json: { TagKeys } }, signal);
  });
}

async function inBatches<T>(
  items: readonly T[],
  send: (batch: readonly T[]) => Promise<Result<null>>,
): Promise<Result<null>> {
  for (let from = 0; from < items.length; from += TAGS_PER_REQUEST) {
    const sent = await send(items.slice(from, from + TAGS_PER_REQUEST));
    if (!sent.ok) return sent;
  }
  return ok(null);
}
