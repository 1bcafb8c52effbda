import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiB, MiB, formatBytes } from '../../shared/units.ts';
import { PRACTICE_PROGRAM } from '../support/practice-process.ts';
import type { Bench, Context, Row } from './bench.ts';
import { Measured } from './measured.ts';

/** What the large upload may take more than the small one, in MB. Parts of both are too long to be held in memory. */
const BOUND_MB = 100;

export const largeParts: Bench = {
  name: 'parts',
  about: 'the largest parts that there are, hashed, sent, checked and stored by a practice vault of its own process',
  run: sendLargeParts,
};

async function sendLargeParts({ folder, quick, say }: Context): Promise<Row[]> {
  const practice = new Measured([PRACTICE_PROGRAM, '--folder', join(folder, 'practice'), '--fast']);
  const { url } = await practice.line('url');
  const service = String(url);
  await Measured.firn(join(folder, 'vault'), service, ['vault', 'create', 'bench']).ended();
  const send = async (size: number, partSize: number): Promise<Peaks> => {
    say(`${formatBytes(size)} in parts of ${formatBytes(partSize)}`);
    const file = join(folder, `${size}.bin`);
    writeFileSync(file, '');
    truncateSync(file, size);
    const args = ['upload', '--vault', 'bench', '--part-size', String(partSize), file];
    const firn = Measured.firn(join(folder, `data-${size}`), service, args);
    const peak = await peakUntil(firn, firn.event('stored'));
    const ms = Date.now() - firn.startedAt;
    await firn.ended();
    return { firn: peak, practice: practice.peakMemory(), ms };
  };
  try {
    const small = await send(256 * MiB, 128 * MiB);
    const [size, partSize] = quick ? [1.25 * GiB, 1 * GiB] : [5 * GiB, 4 * GiB];
    const large = await send(size, partSize);
    const what = `${formatBytes(size)} in parts of ${formatBytes(partSize)}`;
    return [
      difference(`${what}: more memory than parts of 128 MiB`, small.firn, large.firn),
      difference(`${what}: the same of the practice vault`, small.practice, large.practice),
      { what: `${what}: peak memory`, value: inWords(large.firn), note: `in parts of 128 MiB: ${inWords(small.firn)}` },
      {
        what: `${what}: time`,
        value: `${(large.ms / 1000).toFixed(1)} s`,
        note: 'read twice, hashed on both sides, written to the disk',
      },
    ];
  } finally {
    await practice.kill();
  }
}

type Peaks = { firn: number | null; practice: number | null; ms: number };

/** The peak is gone with the process, so it is read again and again until then. */
async function peakUntil(process: Measured, end: Promise<unknown>): Promise<number | null> {
  let peak: number | null = null;
  const look = setInterval(() => {
    peak = process.peakMemory() ?? peak;
  }, 100);
  const broken = process.ended().then(() => {
    throw new Error('Firn ended before the archive was stored');
  });
  await Promise.race([end, broken]);
  clearInterval(look);
  broken.catch(() => undefined);
  return process.peakMemory() ?? peak;
}

function difference(what: string, small: number | null, large: number | null): Row {
  const measured = small === null || large === null ? null : Math.round((large - small) / 1e6);
  return {
    what,
    value: measured === null ? inWords(null) : `${measured} MB`,
    note: '',
    check: { measured, atMost: BOUND_MB },
  };
}

function inWords(bytes: number | null): string {
  return bytes === null ? 'not told by this system' : formatBytes(bytes);
}
