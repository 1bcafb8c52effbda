import { everyArchive } from '../../shared/archive.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { type Db, openDatabase } from '../../main/store/database.ts';
import { SettingsStore } from '../../main/store/settings.ts';
import { UploadStore } from '../../main/store/uploads.ts';
import { MiB } from '../../shared/units.ts';
import type { MultipartUploadId, TreeHash, UploadId } from '../../shared/upload.ts';
import type { Bench, Context, Row } from './bench.ts';
import { accountId, fillCatalogue } from './records/archives.ts';
import { usableAfter } from './records/start-up.ts';
import { medianOf } from './statistics.ts';

export const records: Bench = {
  name: 'records',
  about: 'a catalogue of 1,000,000 archives and a queue of 10,000 uploads, which are paused',
  run: measure,
};

async function measure(context: Context): Promise<Row[]> {
  const { folder, quick, say } = context;
  const archives = quick ? 100_000 : 1_000_000;
  const full = join(folder, 'full');
  mkdirSync(full, { recursive: true });
  say(`making ${archives} archives and 10,000 uploads`);
  const db = openDatabase(join(full, 'firn.db'));
  fill(db, full, archives);
  const searching = search(db);
  const recording = await recordParts(db);
  db.close();
  return [...recording, ...(await startUp(context, full)), ...searching];
}

function fill(db: Db, folder: string, archives: number): void {
  fillCatalogue(db, folder, archives);
  new SettingsStore(db).set({ queuePaused: true });
  const files = Array.from({ length: 10_000 }, (_, n) => upload(`/queue/${Math.floor(n / 100)}/file-${n}.raw`));
  new UploadStore(db, new CatalogueStore(db)).add(files, Date.now());
}

function upload(path: string): Parameters<UploadStore['add']>[0][number] {
  const identity = { size: 10_000 * MiB, modifiedNs: '1700000000000000000', fileId: '1:2' };
  return { accountId, vault: 'bench', partSize: MiB, description: path, source: { path, identity } };
}

function search(db: Db): Row[] {
  const catalogue = new CatalogueStore(db);
  const searches: [string, string][] = [
    ['nothing, the newest 100', ''],
    ['a rare word', 'IMG_0070007'],
    ['a common word', 'photos'],
    ['three words', '2011 shoot jpg'],
    ['what is not there', 'xyzzy'],
  ];
  return searches.map(([what, text]) => {
    let found = 0;
    const times = Array.from({ length: 9 }, () => {
      const startedAt = performance.now();
      const query = { ...everyArchive, text, offset: 0, limit: 100 };
      found = catalogue.search(query).total;
      return performance.now() - startedAt;
    });
    return { what: `search for ${what}`, value: milliseconds(medianOf(times)), note: `${found} found` };
  });
}

/** As fast as parts of 16 MiB arrive at a gigabyte a second, and then one by one as they do from a slow line. */
async function recordParts(db: Db): Promise<Row[]> {
  const uploads = new UploadStore(db, new CatalogueStore(db));
  const [id] = uploads.add([upload('/recorded.raw')], Date.now());
  if (id === undefined) throw new Error('nothing was added');
  uploads.apply(id, {
    kind: 'multipart-initiated',
    multipartUploadId: 'U'.repeat(92) as MultipartUploadId,
    at: Date.now(),
  });
  const fast = await recording(uploads, id, { from: 0, count: 300, pauseMs: 16 });
  const slow = await recording(uploads, id, { from: 300, count: 5, pauseMs: 1100 });
  const mean = fast.reduce((sum, ms) => sum + ms, 0) / fast.length;
  return [
    {
      what: 'recording a part, 60 a second: mean time of main',
      value: milliseconds(mean),
      note: `longest ${milliseconds(Math.max(...fast))}; synced once a second`,
      check: { measured: mean, atMost: 1 },
    },
    { what: 'recording a part, one a second', value: milliseconds(medianOf(slow)), note: 'each is synced' },
  ];
}

type Pace = { from: number; count: number; pauseMs: number };

async function recording(uploads: UploadStore, id: UploadId, { from, count, pauseMs }: Pace): Promise<number[]> {
  const times: number[] = [];
  for (let index = from; index < from + count; index += 1) {
    const startedAt = performance.now();
    const treeHash = 'a'.repeat(64) as TreeHash;
    uploads.recordPart(id, { first: index * MiB, last: (index + 1) * MiB - 1, treeHash, at: Date.now() });
    times.push(performance.now() - startedAt);
    await sleep(pauseMs);
  }
  return times;
}

async function startUp({ folder, quick, say }: Context, full: string): Promise<Row[]> {
  const times = { empty: [] as number[], full: [] as number[] };
  const rounds = quick ? 2 : 5;
  say('the first start');
  // The first start of a day makes a backup, which takes its time beside everything else.
  await usableAfter(full, 'a queue', 30_000);
  for (let round = 1; round <= rounds; round += 1) {
    say(`start ${round} of ${rounds}`);
    times.empty.push(await usableAfter(join(folder, `empty-${round}`), 'nothing', 0));
    times.full.push(await usableAfter(full, 'a queue', 0));
  }
  const ratios = times.full.map((ms, round) => ms / (times.empty[round] ?? Number.NaN));
  const ratio = medianOf(ratios);
  return [
    {
      what: 'start to a usable window / the same with an empty folder',
      value: ratio === null ? '–' : `${ratio.toFixed(2)} ×`,
      note: '',
      check: { measured: ratio, atMost: 1.5 },
    },
    { what: 'start to a usable window', value: milliseconds(medianOf(times.full)), note: 'the queue can be scrolled' },
    {
      what: 'start with an empty folder',
      value: milliseconds(medianOf(times.empty)),
      note: 'the first choice can be made',
    },
  ];
}

function milliseconds(ms: number | null): string {
  return ms === null ? '–' : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}
