import type { Account, AccountId } from '../../shared/account.ts';
import { type ArchiveFilter, everyArchive } from '../../shared/archive.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Values } from './options.ts';
import { placeOf } from './place.ts';

/** Whose archives or tasks: each names accounts, and those that all of them name are meant. */
export type AccountFilter = { accounts: readonly string[]; profile: string | null; endpointUrl: string | null };

/** Which archives, as typed. What says nothing is null or empty. `all`: everything, as long as nothing else narrows it. */
export type TypedFilter = AccountFilter & {
  vault: string | null;
  region: string | null;
  search: string | null;
  ids: readonly string[];
  all: boolean;
};

/** `ids`: further IDs, by themselves on the command line. */
export function readFilter(values: Values, ids: readonly string[] = []): Result<TypedFilter, string> {
  const vault = placeOf(values);
  if (!vault.ok) return vault;
  const { account = [], profile = null, region = null, endpointUrl = null, search = null, id = [] } = values;
  return ok({
    vault: vault.value,
    accounts: account,
    profile,
    region,
    endpointUrl,
    search,
    ids: [...new Set([...id, ...ids])],
    all: values.all ?? false,
  });
}

/** The same for what is paid for or destroyed: everything has to be asked for by that name. */
export function readDeliberateFilter(values: Values, ids: readonly string[]): Result<TypedFilter, string> {
  const filter = readFilter(values, ids);
  if (!filter.ok || filter.value.all || !isEverything(filter.value)) return filter;
  return fail(
    'Say which archives: their IDs, or --vault, --account, --region, --search; or --all for everything. "firn catalogue" lists them.',
  );
}

export function isEverything({ vault, accounts, profile, region, endpointUrl, search, ids }: TypedFilter): boolean {
  const said = [vault, profile, region, endpointUrl, search].some((one) => one !== null);
  return !said && accounts.length + ids.length === 0;
}

/** As the catalogue asks for it. `known`: the accounts there are. A failure is a sentence. */
export function resolveFilter(filter: TypedFilter, known: readonly KnownAccount[]): Result<ArchiveFilter, string> {
  const accountIds = resolveAccounts(filter, known);
  if (!accountIds.ok) return accountIds;
  const { vault, region, search, ids } = filter;
  return ok({
    ...everyArchive,
    text: search ?? '',
    accountIds: accountIds.value,
    region,
    vault,
    archiveIds: ids.length > 0 ? ids : null,
  });
}

/** `numbers`: of the AWS accounts that its archives are in. `account` is null when it is gone and its archives are not. */
export type KnownAccount = { id: AccountId; account: Account | null; numbers: readonly string[] };

/** The accounts that are meant; null for all. A failure is a sentence. */
export function resolveAccounts(
  { accounts, profile, endpointUrl }: AccountFilter,
  known: readonly KnownAccount[],
): Result<AccountId[] | null, string> {
  if (accounts.length === 0 && profile === null && endpointUrl === null) return ok(null);
  let left = [...known];
  if (accounts.length > 0) {
    const named = namedAccounts(accounts, known);
    if (!named.ok) return named;
    left = left.filter((one) => named.value.includes(one));
  }
  if (profile !== null) {
    left = left.filter(({ account }) => account?.source.kind === 'profile' && account.source.profile === profile);
    if (left.length === 0) return fail(`No account that is meant uses the profile "${profile}".`);
  }
  if (endpointUrl !== null) {
    left = left.filter(({ account }) => account?.endpointUrl === endpointUrl);
    if (left.length === 0) return fail(`No account that is meant is at ${endpointUrl}.`);
  }
  return ok(left.map(({ id }) => id));
}

function namedAccounts(names: readonly string[], known: readonly KnownAccount[]): Result<KnownAccount[], string> {
  const found: KnownAccount[] = [];
  for (const name of names) {
    const [first, ...more] = candidates(name, known);
    if (!first) return fail(`There is no account "${name}". "firn accounts" lists them.`);
    if (more.length > 0 && !isNumber(name)) {
      const ids = [first, ...more].map(({ id }) => id).join(', ');
      return fail(`There are several accounts "${name}". Say --account with an ID: ${ids}.`);
    }
    found.push(first, ...more);
  }
  return ok(found);
}

/** By ID, by name, or by number: one AWS account may be several here, each with a region or credentials of its own. */
function candidates(name: string, known: readonly KnownAccount[]): KnownAccount[] {
  const byId = known.filter(({ id }) => id === name);
  if (byId.length > 0) return byId;
  const byName = known.filter(({ account }) => account?.name === name);
  return byName.length > 0 || !isNumber(name) ? byName : known.filter(({ numbers }) => isOnly(name, numbers));
}

function isNumber(name: string): boolean {
  return /^\d{12}$/.test(name);
}

/** What lies in vaults of several AWS accounts is not meant by the number of one. */
function isOnly(name: string, numbers: readonly string[]): boolean {
  return numbers.length > 0 && numbers.every((number) => number === name);
}
