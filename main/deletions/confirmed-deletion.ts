import type { AccountId } from '../../shared/account.ts';
import type { ArchiveChoice, ChoiceToken } from '../../shared/archive.ts';
import type { ChoreId } from '../../shared/chore.ts';
import type { DeletionPreview } from '../../shared/deletion-preview.ts';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { choiceChanged, choiceForgotten, choiceLeft } from '../catalogue/confirmed-choice.ts';
import type { Clock, SourceFiles } from '../core/ports.ts';
import { lookForCopies } from '../checks/local-copies.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';
import type { Gathering, GatheredDeletions } from './gathered-store.ts';

type Placed = { accountId: AccountId; vault: string };

export type DeletionPorts = {
  reader: CatalogueReader;
  gathered: GatheredDeletions;
  files: Pick<SourceFiles, 'identify'>;
  clock: Clock;
  /** The service's time, by which archives are dated and billed; null for an account that is gone. */
  serviceTime: (place: Placed) => number | null;
  hasAccount: (accountId: AccountId) => boolean;
  /** Lets a deletion go on that is paused or failed. */
  resume: (id: ChoreId) => Promise<void>;
};

/** Many enough that commits cost little, few enough that nothing else has to wait for long. */
const SLICE = 250;

/** What would be lost. The preview's token stands for exactly the archives that it tells of. */
export async function previewDeletion(
  choice: ArchiveChoice,
  { reader, files, clock, serviceTime }: DeletionPorts,
): Promise<DeletionPreview> {
  const frozen = await reader.ask('freeze', choice, clock.now());
  const told = frozen.vaults.map((place) => serviceTime(place) ?? clock.now());
  const facts = await reader.ask('deletionFacts', frozen.token, furthest(told, clock.now()));
  return { ...frozen, ...facts, copies: await lookForCopies(reader.chosen(frozen.token), files) };
}

/** A service that has not answered yet is taken to have this computer's time: one that differs has told its own. */
function furthest(told: readonly number[], now: number): number {
  return told.reduce((one, other) => (Math.abs(other - now) > Math.abs(one - now) ? other : one), now);
}

/**
 * Begins to delete exactly the archives that the token stands for, a deletion for each vault; or nothing, when they have
 * changed. Those that a deletion under way has still to do stay with it; its ID is among the answer's.
 */
export async function beginDeletion(token: ChoiceToken, ports: DeletionPorts): Promise<Result<ChoreId[]>> {
  const { reader, gathered, clock, resume } = ports;
  const frozen = await reader.ask('frozen', token, clock.now());
  const problem = frozen === null ? choiceForgotten : whyNot(frozen, ports);
  if (problem) return fail(problem);
  // One that is held stays so when it would delete more than was confirmed.
  const under = (await reader.ask('overlaps', token)).filter(({ runs, isWithin }) => runs || isWithin);
  const begun = under.map(({ id }) => id);
  const gathering = await gather(reader.chosen(token, begun), gathered);
  for (const { id, runs } of under) if (!runs) await resume(id);
  return ok([...begun, ...gathered.begin(gathering, clock.now())]);
}

async function gather(rows: AsyncIterable<ArchiveRow>, gathered: GatheredDeletions): Promise<Gathering> {
  const gathering: Gathering = new Map();
  let slice: ArchiveRow[] = [];
  for await (const row of rows) {
    if (slice.push(row) < SLICE) continue;
    gathered.add(gathering, slice);
    slice = [];
    // Everything else gets its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  gathered.add(gathering, slice);
  return gathering;
}

type Frozen = { count: number; gone: number; vaults: readonly Placed[] };

function whyNot({ count, gone, vaults }: Frozen, { hasAccount }: DeletionPorts): Failure | null {
  if (count === 0) return choiceChanged('There is nothing among the archives to delete.');
  const left = choiceLeft({ count, gone });
  if (left) return left;
  const stranger = vaults.find(({ accountId }) => !hasAccount(accountId));
  if (!stranger) return null;
  const detail = `The account of the archives in "${stranger.vault}" is not among the accounts; add it first.`;
  return { kind: 'invalid-input', detail };
}
