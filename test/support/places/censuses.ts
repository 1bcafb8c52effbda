import { expect, test } from 'vitest';
import type { CensusEntry, CensusPage } from '../../../main/places/ports/census.ts';
import { ok } from '../../../shared/result.ts';
import { HOUR } from '../../../shared/units.ts';
import { valueOf } from '../value-of.ts';
import { type OpenPlace, type PlaceScene, isNamed, never, requestIn, store } from './scene.ts';

/** A new list of the place, read to its end. */
export async function censusOf(scene: PlaceScene): Promise<{ entries: CensusEntry[]; pages: CensusPage[] }> {
  const { census } = scene.ports;
  scene.pass(census.lagMs);
  const begun = await census.begin('a list', never);
  if (!begun.ok && begun.failure.kind === 'nothing-listed') return { entries: [], pages: [] };
  const { job } = valueOf(begun);
  while (valueOf(await census.look(job, never)).state.kind === 'in-progress') scene.pass(HOUR);
  const pages: CensusPage[] = [];
  for (let cursor: string | null = null; ;) {
    const page: CensusPage = valueOf(await census.page(job, cursor, never));
    pages.push(page);
    cursor = page.next;
    if (cursor === null) return { entries: pages.flatMap(({ entries }) => entries), pages };
  }
}

/** What every census does. */
export function censusSuite(open: OpenPlace): void {
  test('all archives are listed, each with name, size and time', async () => {
    const scene = await open();
    const stored = [await store(scene, 'a.raw'), await store(scene, 'b.raw')];
    const { entries, pages } = await censusOf(scene);
    expect(entries.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual(
      stored
        .map(({ archiveId, bytes, checksum, storedAt: createdAt }, index) => {
          const noted = requestIn(scene, index === 0 ? 'a.raw' : 'b.raw').name;
          const told = entries.find((entry) => entry.archiveId === archiveId);
          // Not every list tells the checksum, the class, or the time of the file; what it tells is right.
          const name = told !== undefined && isNamed(scene, told.name, noted) ? told.name : noted;
          const told_checksum = told?.checksum === null ? null : checksum;
          const storageClass = told?.storageClass ?? null;
          return { archiveId, name, size: bytes.length, createdAt, checksum: told_checksum, storageClass };
        })
        .toSorted((one, other) => one.name.localeCompare(other.name)),
    );
    const times = new Set(pages.map(({ asOf }) => asOf));
    expect(times.size).toBe(1);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(Math.max(...stored.map(({ storedAt }) => storedAt)));
    expect(pages.at(-1)?.unreadable).toEqual([]);
  });

  test('a page may be read again, and says the same', async () => {
    const scene = await open();
    await store(scene);
    scene.pass(scene.ports.census.lagMs);
    const { job } = valueOf(await scene.ports.census.begin('', never));
    while (valueOf(await scene.ports.census.look(job, never)).state.kind === 'in-progress') scene.pass(HOUR);
    const first = await scene.ports.census.page(job, null, never);
    expect(await scene.ports.census.page(job, null, never)).toEqual(first);
  });

  test('a place in which nothing ever was lists nothing', async () => {
    const scene = await open();
    expect(await censusOf(scene)).toMatchObject({ entries: [] });
  });

  test('a list that nobody has asked for is gone', async () => {
    const { ports } = await open();
    const job = 'A'.repeat(92);
    const answers = [await ports.census.look(job, never), await ports.census.page(job, null, never)];
    for (const answer of answers) {
      if (!answer.ok) expect(answer.failure).toEqual({ kind: 'list-gone' });
    }
    expect(answers.map(({ ok: isThere }) => isThere)).toEqual(ports.census.lagMs === 0 ? [true, true] : [false, false]);
  });

  test('a list that is asked for is found again by its label, where lists take time', async () => {
    const scene = await open();
    const { census } = scene.ports;
    if (census.lagMs === 0) return;
    await store(scene);
    scene.pass(census.lagMs);
    const askedAt = scene.ports.target.now();
    const { job } = valueOf(await census.begin('a list of mine', never));
    const state = { kind: 'in-progress' } as const;
    expect(await census.jobs(never)).toEqual(ok([{ job, label: 'a list of mine', askedAt, state }]));
  });
}
