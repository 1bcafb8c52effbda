import type { Account } from '../../shared/account.ts';
import type { Usual } from '../../shared/retrieval-quote.ts';
import type { Tier } from '../../shared/tier.ts';
import { SECOND } from '../../shared/units.ts';
import { AMAZON_TIMES, type VaultTimes } from '../glacier/ports/vault-times.ts';
import { PRACTICE_RULES_FAST } from '../practice/rules.ts';

/** What people and quotes have to know of an account's service. */
export type Traits = {
  /** It runs inside Firn: it costs nothing, and there is nothing to sign in to. */
  isInside: boolean;
  /** How long bytes usually take to come within reach. */
  usualWait: Readonly<Record<Tier, Usual>>;
};

/** Null: an account that is gone. */
export function traitsOf(account: Pick<Account, 'source'> | null): Traits {
  const isInside = account?.source.kind === 'practice';
  return { isInside, usualWait: (isInside ? PRACTICE_TIMES : AMAZON_TIMES).usualWait };
}

/** The practice vault is in a hurry. */
const usualWait: Usual = { fromMs: 1 * SECOND, toMs: 10 * SECOND };
const inventoryLagMs = PRACTICE_RULES_FAST.inventoryLagMs + PRACTICE_RULES_FAST.inventoryJobMs;
export const PRACTICE_TIMES: VaultTimes = {
  inventoryLagMs,
  usualInventoryMs: inventoryLagMs,
  usualWait: { Expedited: usualWait, Standard: usualWait, Bulk: usualWait },
};
