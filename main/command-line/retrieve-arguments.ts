import { resolve } from 'node:path';
import type { ByteRange } from '../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { EXISTING_ANSWERS, type OnExisting, TIERS, type Tier } from '../../shared/retrieval.ts';
import { type NamedArchives } from './choose-archives.ts';

export type RetrieveArguments = {
  /** Absolute. */
  folder: string;
  tier: Tier;
  /** Null for all bytes. */
  range: ByteRange | null;
  onExisting: OnExisting;
  /** Nobody is asked whether the quote is all right. */
  yes: boolean;
  wait: boolean;
  archives: NamedArchives;
};

type Values = {
  to?: string | undefined;
  tier?: string | undefined;
  range?: string | undefined;
  existing?: string | undefined;
  search?: string | undefined;
  yes?: boolean | undefined;
  'no-wait'?: boolean | undefined;
};

export function readRetrieve(values: Values, ids: string[]): Result<RetrieveArguments, string> {
  const { to } = values;
  if (to === undefined) return fail('Say into which folder: --to DIR.');
  const archives = readNames(values.search, ids);
  if (!archives.ok) return archives;
  const tier = readTier(values.tier);
  if (!tier.ok) return tier;
  const range = readRange(values.range);
  if (!range.ok) return range;
  if (range.value && ids.length !== 1) return fail('--range is for one archive, by its ID.');
  const onExisting = EXISTING_ANSWERS.find((answer) => answer === (values.existing ?? 'ask'));
  if (onExisting === undefined) return fail(`--existing is one of ${EXISTING_ANSWERS.join(', ')}.`);
  return ok({
    folder: resolve(to),
    tier: tier.value,
    range: range.value,
    onExisting,
    yes: values.yes ?? false,
    wait: !(values['no-wait'] ?? false),
    archives: archives.value,
  });
}

/** The archives that a command is about. */
export function readNames(search: string | undefined, ids: string[]): Result<NamedArchives, string> {
  if (search !== undefined) {
    return ids.length > 0 ? fail('Say archive IDs or --search WORDS, not both.') : ok({ search });
  }
  if (ids.length > 0) return ok({ ids });
  return fail('Say which archives: their IDs, or --search WORDS. "firn catalogue" lists them.');
}

function readTier(text = 'standard'): Result<Tier, string> {
  const tier = TIERS.find((name) => name.toLowerCase() === text.toLowerCase());
  return tier === undefined ? fail(`--tier is one of ${TIERS.join(', ')}.`) : ok(tier);
}

/** `FIRST-LAST`, both included, as Glacier counts. */
function readRange(text: string | undefined): Result<ByteRange | null, string> {
  if (text === undefined) return ok(null);
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  if (!match) return fail(`"${text}" is no range of bytes. Write it like 0-1048575.`);
  return ok({ first: Number(match[1]), last: Number(match[2]) });
}
