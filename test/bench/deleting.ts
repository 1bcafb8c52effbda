import { type ChoiceToken, everyArchive } from '../../shared/archive.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ArchiveJournal } from '../../main/store/archive-journal.ts';
import { ArchiveRecorder } from '../../main/store/archive-recorder.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { ChoreStore } from '../../main/deletions/chore-store.ts';
import { type Db, openDatabase } from '../../main/store/database.ts';
import { DoomedArchives } from '../../main/deletions/doomed-store.ts';
import { FrozenChoices } from '../../main/store/frozen-choices.ts';
import { type Gathering, GatheredDeletions } from '../../main/deletions/gathered-store.ts';
import type { ChoreId } from '../../shared/chore.ts';
import type { Bench, Context, Row } from './bench.ts';
import { Measured } from './measured.ts';
import { accountId, fillCatalogue } from './records/archives.ts';
import { systemClock } from '../../main/app/clock.ts';
import { taskKinds } from '../../main/app/task-kinds.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';

export const deleting: Bench = {
  name: 'deleting',
  about: '1,000,000 archives: all of them chosen and deleted, and a vault emptied by its inventory',
  run: measure,
};

/** As `deletions/delete-archives.ts` has them. */
const BATCH = 50;
/** As `deletions/confirmed-deletion.ts` has them. */
const SLICE = 250;
const everything = { kind: 'matching', ...everyArchive, except: [] } as const;

async function measure({ folder, quick, say }: Context): Promise<Row[]> {
  const archives = quick ? 50_000 : 1_000_000;
  say(`making ${archives} archives`);
  const full = join(folder, 'full');
  mkdirSync(full);
  const db = openDatabase(join(full, 'firn.db'));
  fillCatalogue(db, full, archives);
  say('deleting what was chosen');
  const rows = deleteChosen(db, full, archives);
  db.close();
  say('emptying a vault');
  return [...rows, ...(await emptyVault(folder, archives))];
}

type Stores = { chores: ChoreStore; work: DoomedArchives };

/** What main does for it besides asking Glacier. */
function deleteChosen(db: Db, folder: string, archives: number): Row[] {
  const recorder = new ArchiveRecorder(db, new ArchiveJournal(join(folder, 'archives.jsonl')), true, () => undefined);
  const catalogue = new CatalogueStore(db, recorder);
  const tasks = new TaskStore(db, taskKinds);
  const chores = new ChoreStore(db, tasks);
  const work = new DoomedArchives(db, tasks, catalogue, recorder);
  const stores = { chores, work };
  const choices = new FrozenChoices(db);
  let token = '' as ChoiceToken;
  const preview = timed(() => {
    ({ token } = choices.freeze(everything, Date.now()));
    choices.deletionFacts(token, Date.now());
  });
  const gathered = new GatheredDeletions(db, chores, work, systemClock, (act) => {
    act();
  });
  const { slices, chosen } = gather(choices, token, gathered);
  if (chosen === undefined) throw new Error('nothing was chosen');
  const emptying = chores.addEmptying({ accountId, vault: 'vault-1' }, true, Date.now(), Date.now());
  const listing = timed(() => {
    const at = Date.now();
    chores.moveEmptying(emptying, { kind: 'listed', archives: archives / 8, lastDeletedAt: null, at });
  });
  return [
    {
      what: `preview of ${archives} archives`,
      value: milliseconds(preview),
      note: 'in a thread of its own; without the look at local files',
    },
    {
      what: `beginning to delete ${archives} archives: the longest that main is held up`,
      value: milliseconds(Math.max(...slices)),
      note: `in ${slices.length} slices of ${SLICE}, ${milliseconds(slices.reduce((sum, ms) => sum + ms, 0))} together; all begin at once or not at all`,
      check: { measured: Math.max(...slices), atMost: 20 },
    },
    { what: 'counting anew after an inventory', value: milliseconds(listing), note: '' },
    workOff('chosen archives', chosen, stores),
    workOff('archives of a vault that is emptied', emptying, stores),
  ];
}

/** As `deletions/confirmed-deletion.ts` does it; reading is the thread's. */
function gather(choices: FrozenChoices, token: ChoiceToken, gathered: GatheredDeletions) {
  const gathering: Gathering = new Map();
  const slices: number[] = [];
  for (let before: number | null | undefined = null; before !== undefined;) {
    const rows = choices.frozenRows(token, before, SLICE, []);
    before = rows.at(-1)?.id;
    slices.push(
      timed(() => {
        gathered.add(gathering, rows);
      }),
    );
  }
  const begun: ChoreId[] = [];
  slices.push(
    timed(() => {
      begun.push(...gathered.begin(gathering, Date.now()));
    }),
  );
  return { slices, chosen: begun[0] };
}

function workOff(what: string, id: ChoreId, { chores, work }: Stores): Row {
  const times: number[] = [];
  let after = '';
  for (let batches = 0; batches < 200; batches += 1) {
    const ms = timed(() => {
      const chore = chores.deletion(id) ?? chores.emptying(id);
      if (!chore) throw new Error('the chore is gone');
      const doomed = work.toDelete(chore, after, BATCH);
      after = doomed.at(-1)?.archiveId ?? after;
      work.settleDeletions(
        chore,
        doomed.map((one) => ({ ...one, refusal: null })),
        Date.now(),
      );
    });
    times.push(ms);
  }
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length / BATCH;
  return {
    what: `deleting ${what}: mean time of main for each`,
    value: milliseconds(mean),
    note: `the longest batch of ${BATCH} ${milliseconds(Math.max(...times))}; the requests not counted`,
    check: { measured: mean, atMost: 1 },
  };
}

/** The inventory is taken and compared, and then deleted by for a while. */
async function emptyVault(folder: string, archives: number): Promise<Row[]> {
  const service = new Measured(['test/bench/inventory/service.mjs', String(archives)]);
  const { url } = await service.line('url');
  const firn = Measured.firn(join(folder, 'emptied'), String(url), ['vault', 'empty', '--yes', 'bench']);
  const startedAt = Date.now();
  const cpuOnce = async (deleted: number): Promise<{ deleted: number; cpu: number }> => {
    const reached = firn.lineThat((one) => Number(one['deleted'] ?? 0) >= deleted);
    const line = await Promise.race([reached, firn.ended().then(() => null)]);
    if (line === null) throw new Error(`it ended before: ${firn.problems}`);
    return { deleted: Number(line['deleted']), cpu: firn.cpuSeconds() ?? Number.NaN };
  };
  const first = await cpuOnce(1);
  const listedMs = Date.now() - startedAt;
  const peakBefore = firn.peakMemory();
  const last = await cpuOnce(first.deleted + archives / 50);
  const peak = firn.peakMemory();
  await firn.kill();
  await service.kill();
  const count = last.deleted - first.deleted;
  return [
    {
      what: `emptying a vault of ${archives} archives: peak memory`,
      value: memory(peak),
      note: `${memory(peakBefore)} when the first were deleted, ${(listedMs / 1000).toFixed(0)} s after the start`,
      check: { measured: peak === null ? null : peak / 1e6, atMost: 300 },
    },
    {
      what: 'emptying a vault: processor time of the process for each archive',
      value: milliseconds(((last.cpu - first.cpu) * 1000) / count),
      note: `of ${count}; request and answer included`,
    },
  ];
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}

function memory(bytes: number | null): string {
  return bytes === null ? 'not told by this system' : `${Math.round(bytes / 1e6)} MB`;
}
