import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { LedgerEntry } from '../../main/practice/ledger.ts';
import { readLedger } from '../../main/practice/server.ts';
import { HOUR, MiB } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';

type Span = { of: string; first: number; last: number };

/** The line carries 1 MiB in an hour. Each output lives for 24 of them. */
function slowDown({ world }: RetrievalWorld): void {
  world.line.carries = ({ operation }, bytes) => {
    if (operation === 'GetJobOutput') world.pass(Math.round((bytes / MiB) * HOUR));
  };
}

function spanOf(of: string, range: string | null): Span {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  return { of, first: Number(first), last: Number(last) };
}

/** What was asked, and is paid, for: bytes of archives. */
function paid(ledger: readonly LedgerEntry[]): Span[] {
  return ledger
    .filter(({ operation, committed, archiveId }) => operation === 'InitiateJob' && committed && archiveId !== null)
    .map(({ archiveId, range }) => spanOf(archiveId ?? '', range));
}

/** The bytes of archives that were sent. */
function sent(ledger: readonly LedgerEntry[]): Span[] {
  const jobs = new Map(ledger.flatMap((entry) => (entry.operation === 'InitiateJob' ? [[entry.jobId, entry]] : [])));
  return ledger
    .filter(({ operation, status }) => operation === 'GetJobOutput' && status === 206)
    .map(({ jobId, range }) => {
      const job = jobs.get(jobId);
      const from = spanOf('', job?.range ?? null).first;
      const { first, last } = spanOf('', range);
      return { of: job?.archiveId ?? '', first: first + from, last: last + from };
    });
}

/** Those that share a byte with an earlier one. */
function repeated(spans: readonly Span[]): Span[] {
  return spans.filter((one, index) =>
    spans.slice(0, index).some((other) => other.of === one.of && other.first <= one.last && one.first <= other.last),
  );
}

const bytesIn = (spans: readonly Span[]): number => spans.reduce((sum, { first, last }) => sum + last - first + 1, 0);

it('a line that needs more than four lives of an output: each byte is asked, paid and sent for once, kills between', async () => {
  const here = await RetrievalWorld.open({ settings: { parallelParts: 1 } });
  const small = await here.store('measure.raw', 2 * MiB);
  const stored = [await here.store('large.raw', 33 * MiB + 5)];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'])
    stored.push(await here.store(`${name}.raw`, 5 * MiB + 7));
  slowDown(here);
  await here.reaches(await here.retrieveOne(small.archive), 'retrieved');
  const begunAt = here.world.clock.now();
  const ids = await here.retrieve(stored.map(({ archive }) => archive));
  expect(ids).toHaveLength(stored.length);
  for (let kill = 0; kill < 3; kill += 1) {
    for (let fetched = 0; fetched < 2; fetched += 1) here.world.line.gate('GetJobOutput').open();
    const gate = here.world.line.gate('GetJobOutput');
    let isCaught = false;
    void gate.arrived.then(() => (isCaught = true));
    await here.world.until('something is fetched', () => {
      if (!isCaught && here.isStill()) here.world.pass(HOUR / 4);
      return isCaught;
    });
    const crashed = here.world.crash();
    gate.open();
    await crashed;
  }
  for (const id of ids) await here.reaches(id, 'retrieved');
  expect(here.world.clock.now() - begunAt).toBeGreaterThan(4 * 24 * HOUR);
  const ledger = readLedger(here.world.practiceFolder);
  const wanted = [small, ...stored].reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(repeated(paid(ledger))).toEqual([]);
  expect(bytesIn(paid(ledger))).toBe(wanted);
  // What was on the wire when Firn was killed is all that may come again.
  expect(repeated(sent(ledger)).length).toBeLessThanOrEqual(3);
  expect(bytesIn(sent(ledger)) - bytesIn(repeated(sent(ledger)))).toBe(wanted);
  for (const id of ids) {
    expect(here.events(id)).not.toContain('output-gone');
    const file = readFileSync(here.fileOf(id));
    expect(stored.some(({ bytes }) => bytes.equals(file))).toBe(true);
  }
  expect(here.world.bugs).toEqual([]);
}, 180_000);
