import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { GiB, MiB } from '../../shared/units.ts';
import type { Bench, Context, Row } from './bench.ts';
import { type Client, firnClients, peers } from './upload/clients.ts';
import { type Contest, Results } from './upload/results.ts';
import { upload } from './upload/race.ts';

export const uploads: Bench = {
  name: 'upload',
  about: 'medians of interleaved uploads to a sink that hashes nothing; ratios are to boto3 × 4 in the same round',
  run: hold,
};

/** What a client that starts a process for each part is tried with, once. */
const SLOW_SIZE = 128 * MiB;

async function hold(context: Context): Promise<Row[]> {
  const { folder, quick } = context;
  const { present, missing } = peers();
  const rows: Row[] = missing.map((name) => ({ what: name, value: '', note: 'not installed here: left out' }));
  const clients = [...firnClients(), ...present];
  const small = cachedFile(join(folder, 'small.bin'), GiB);
  for (const tls of [true, false]) {
    const contest = { size: GiB, partSize: 16 * MiB, tls };
    rows.push(...(await race(contest, small, clients, quick ? 1 : 5, context)));
    if (!quick) rows.push(...(await slow({ ...contest, size: SLOW_SIZE }, clients, context)));
  }
  if (quick) return rows;
  const large = cachedFile(join(folder, 'large.bin'), 4 * GiB);
  for (const tls of [true, false]) {
    rows.push(...(await race({ size: 4 * GiB, partSize: 64 * MiB, tls }, large, clients, 3, context)));
  }
  return rows;
}

/** One after the other, round after round, so that what else the machine does falls on all of them. */
async function race(
  contest: Contest,
  file: string,
  clients: readonly Client[],
  rounds: number,
  { folder, say }: Context,
): Promise<Row[]> {
  const results = new Results(contest);
  for (let round = 1; round <= rounds; round += 1) {
    say(`${results.title}, round ${round} of ${rounds}`);
    for (const client of clients) if (!client.isSlow) results.add(client, await upload(client, contest, file, folder));
  }
  return results.rows();
}

async function slow(contest: Contest, clients: readonly Client[], { folder, say }: Context): Promise<Row[]> {
  const results = new Results(contest);
  const file = cachedFile(join(folder, 'slow.bin'), contest.size);
  for (const client of clients) {
    if (!client.isSlow) continue;
    say(`${results.title}, ${client.name}`);
    results.add(client, await upload(client, contest, file, folder));
  }
  return results.rows();
}

/** A file of zeros that lies in the system's cache, so that nobody is measured by the disk. */
function cachedFile(path: string, size: number): string {
  const file = openSync(path, 'w+');
  ftruncateSync(file, size);
  const buffer = Buffer.alloc(MiB);
  for (let at = 0; at < size; at += MiB) readSync(file, buffer, 0, MiB, at);
  closeSync(file);
  return path;
}
