import { z } from 'zod';
import { DAY } from '../../../../shared/units.ts';
import { findArchive } from '../store/archives.ts';
import type { Vault } from '../store/store.ts';
import { currentLock } from '../store/vaults.ts';
import { type Service, vaultArn } from './call.ts';
import { type Rejection, rejections } from './rejections.ts';
import type { Route } from './routes.ts';

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const statement = z.object({
  Effect: z.string(),
  Action: list,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const policy = z.object({ Statement: z.union([statement.transform((one) => [one]), z.array(statement)]) });

type Statement = z.output<typeof statement>;
/** What conditions may ask about. */
type Facts = ReadonlyMap<string, number>;

/**
 * Why the vault's lock or access policy forbids an operation; null when neither does. The account owns its vaults, so
 * only statements that deny are heeded, whoever they are meant for. A lock counts from its initiation on.
 */
export function denial(service: Service, route: Route): Rejection | null {
  const vault = service.store.vaults.get(route.vault);
  if (!vault) return null;
  const now = service.clock();
  const policies = [vault.record.accessPolicy, currentLock(vault, now, service.rules)?.policy ?? null];
  const action = `glacier:${route.operation}`;
  const facts = factsOf(vault, route, now);
  const denied = policies.flatMap(statementsOf).some((one) => denies(one, action, facts));
  return denied ? rejections.deniedByPolicy(action, vaultArn(service, route.vault), service.accountNumber) : null;
}

function factsOf(vault: Vault, { operation, id }: Route, now: number): Facts {
  const archive = operation === 'DeleteArchive' ? findArchive(vault, id) : null;
  if (!archive) return new Map();
  return new Map([['glacier:archiveageindays', Math.floor((now - archive.record.createdAt) / DAY)]]);
}

/** A policy in a form that is not understood denies nothing. */
function statementsOf(text: string | null): Statement[] {
  const parsed = policy.safeParse(text === null ? null : JSON.parse(text));
  return parsed.success ? parsed.data.Statement : [];
}

function denies({ Effect, Action, Condition = {} }: Statement, action: string, facts: Facts): boolean {
  return (
    Effect === 'Deny' &&
    Action.some((pattern) => matches(pattern, action)) &&
    Object.entries(Condition).every(([operator, operands]) =>
      Object.entries(operands).every(([key, value]) => holds(operator, facts.get(key.toLowerCase()), Number(value))),
    )
  );
}

function matches(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(action);
}

/** Conditions on anything but numbers known here are taken as not met. */
function holds(operator: string, fact: number | undefined, value: number): boolean {
  if (fact === undefined) return false;
  switch (operator) {
    case 'NumericLessThan':
      return fact < value;
    case 'NumericLessThanEquals':
      return fact <= value;
    case 'NumericGreaterThan':
      return fact > value;
    case 'NumericGreaterThanEquals':
      return fact >= value;
    case 'NumericEquals':
      return fact === value;
    default:
      return false;
  }
}
