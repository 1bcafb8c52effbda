import first from './001-first.ts';
import notices from './002-notices.ts';
import deletions from './003-deletions.ts';
import retrievals from './004-retrievals.ts';
import standing from './005-standing.ts';
import inventories from './006-inventories.ts';
import checks from './007-checks.ts';
import doomed from './008-doomed.ts';
import copyReturns from './009-copy-returns.ts';
import emptying from './010-emptying.ts';
import search from './011-search.ts';

/** Append only. Index + 1 is the schema version kept in PRAGMA user_version. */
export const migrations: readonly string[] = [
  first,
  notices,
  deletions,
  retrievals,
  standing,
  inventories,
  checks,
  doomed,
  copyReturns,
  emptying,
  search,
];
