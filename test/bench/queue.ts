import { closeSync, ftruncateSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccountStore } from '../../main/store/accounts.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { openDatabase } from '../../main/store/database.ts';
import { UploadStore } from '../../main/store/uploads.ts';
import type { AccountId } from '../../shared/account.ts';
import { GiB, MiB, SECOND, TiB, formatBytes } from '../../shared/units.ts';
import type { MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import { Measured } from './measured.ts';
import type { Bench, Context, Row } from './bench.ts';
import { commandsOnMany } from './tasks.ts';

const NOBODY = 'http://127.0.0.1:9';

export const longQueue: Bench = {
  name: 'queue',
  about:
    '100,000 files of one byte are added while the service cannot be reached, then listed; commands about 100,000 tasks',
  run: async (context) => [
    ...(await addAndList(context)),
    ...(await commandsOnMany(context.folder, context.quick ? 10_000 : 100_000)),
  ],
};

export const hugeFile: Bench = {
  name: 'huge',
  about: 'memory must not depend on the size of the file',
  run: sendHuge,
};

export const resume: Bench = {
  name: 'resume',
  about: 'a start with 9,999 of 10,000 parts recorded, until the first byte of the last part arrives',
  run: startAgain,
};

/** A long queue: how long adding takes, and what it costs in memory. */
async function addAndList({ folder, quick }: Context): Promise<Row[]> {
  const files = quick ? 10_000 : 100_000;
  const many = join(folder, 'many');
  for (let at = 0; at < files; at += 1000) {
    const sub = join(many, String(at));
    mkdirSync(sub, { recursive: true });
    for (let index = at; index < Math.min(files, at + 1000); index += 1) writeFileSync(join(sub, `${index}.raw`), 'x');
  }
  const data = join(folder, 'long-queue');
  const adding = Measured.firn(data, NOBODY, ['upload', '--vault', 'bench', many]);
  await adding.event('added');
  const addedMs = Date.now() - adding.startedAt;
  const addMemory = adding.peakMemory();
  await adding.kill();
  const listing = Measured.firn(data, NOBODY, ['queue']);
  await listing.ended();
  const listedMs = Date.now() - listing.startedAt;
  return [
    {
      what: `add ${files} files: time`,
      value: seconds(addedMs),
      note: `${Math.round(files / (addedMs / 1000))} files/s`,
    },
    { what: `add ${files} files: peak memory`, value: memory(addMemory), note: 'of the whole process' },
    { what: `list ${listing.lineCount} uploads`, value: seconds(listedMs), note: 'firn queue --json, start included' },
  ];
}

/** Huge files: memory must not depend on their size. They are hashed and sent for a while, not to their end. */
async function sendHuge({ folder, quick }: Context): Promise<Row[]> {
  const forMs = (quick ? 5 : 15) * SECOND;
  const rows: Row[] = [];
  for (const { size, partSize, boundMb } of [
    { size: 1 * TiB, partSize: 128 * MiB, boundMb: 350 },
    { size: 40 * GiB, partSize: 64 * MiB, boundMb: 250 },
    { size: 40 * GiB, partSize: 4 * GiB, boundMb: 350 },
  ]) {
    const name = `${formatBytes(size)} in parts of ${formatBytes(partSize)}`;
    const file = sparseFile(join(folder, `${partSize}.bin`), size);
    const sink = new Measured(['test/bench/sink.mjs']);
    const { url } = await sink.line('url');
    const args = ['upload', '--vault', 'bench', '--part-size', String(partSize), file];
    const firn = Measured.firn(join(folder, `huge-${partSize}`), String(url), args);
    await Promise.race([firn.ended(), sleep(forMs)]);
    const peak = firn.peakMemory();
    const measured = peak === null ? null : Math.round(peak / 1e6);
    rows.push({
      what: `${name}: peak memory`,
      value: memory(peak),
      note: `after ${forMs / 1000} s`,
      check: { measured, atMost: boundMb },
    });
    await firn.kill();
    await sink.kill();
  }
  return rows;
}

/** A restart with 10,000 parts: until the first byte of the one that is missing arrives. */
async function startAgain({ folder }: Context): Promise<Row[]> {
  const parts = 10_000;
  const sink = new Measured(['test/bench/sink.mjs', String(MiB), String(parts - 1)]);
  const { url } = await sink.line('url');
  const data = join(folder, 'resume');
  prepareUpload(data, sparseFile(join(folder, 'resume.bin'), parts * MiB), parts, String(url));
  const firn = Measured.firn(data, String(url), ['run']);
  const { firstPartAt, lists, listMs } = await sink.line('firstPartAt');
  const totalMs = Number(firstPartAt) - firn.startedAt;
  await firn.kill();
  await sink.kill();
  return [
    {
      what: `first byte after a restart with ${parts} parts`,
      value: seconds(totalMs),
      note: `start of the process and ${String(lists)} pages of ListParts included`,
    },
    { what: '  of which the service took', value: seconds(Number(listMs)), note: 'its own time for the listing' },
  ];
}

function prepareUpload(data: string, path: string, parts: number, url: string): void {
  mkdirSync(data, { recursive: true });
  const db = openDatabase(join(data, 'firn.db'));
  const id = '00000000-0000-4000-8000-00000000be9c' as AccountId;
  const account = {
    id,
    name: 'bench',
    source: { kind: 'environment' } as const,
    region: 'us-east-1',
    endpointUrl: url,
    number: null,
  };
  new AccountStore(db).put(account, null, 1);
  const uploads = new UploadStore(db, new CatalogueStore(db));
  const { size, mtimeNs, dev, ino } = statSync(path, { bigint: true });
  const identity = { size: Number(size), modifiedNs: String(mtimeNs), fileId: `${dev}:${ino}` };
  const [upload] = uploads.add(
    [{ accountId: id, vault: 'bench', partSize: MiB, description: 'bench', source: { path, identity } }],
    1,
  );
  if (upload === undefined) throw new Error('nothing was added');
  uploads.apply(upload, {
    kind: 'multipart-initiated',
    multipartUploadId: 'U'.repeat(92) as MultipartUploadId,
    at: Date.now(),
  });
  const zeros = '30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58' as TreeHash;
  for (let index = 0; index < parts - 1; index += 1) {
    uploads.recordPart(upload, { first: index * MiB, last: (index + 1) * MiB - 1, treeHash: zeros, at: Date.now() });
  }
  db.close();
}

function sparseFile(path: string, size: number): string {
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  closeSync(file);
  return path;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function memory(bytes: number | null): string {
  return bytes === null ? 'not told by this system' : `${Math.round(bytes / 1e6)} MB`;
}
