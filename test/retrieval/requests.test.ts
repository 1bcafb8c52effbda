import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import { DAY, HOUR, MiB, MINUTE } from '../../shared/units.ts';
import { refusal } from '../support/line.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';
import { VAULT } from '../support/world.ts';

describe('asking Glacier for an archive', () => {
  it('is not done twice when the answer got lost', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', MiB + 1);
    here.world.line.next('InitiateJob', { kind: 'lose-answer' });
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'retrieved');
    expect(await here.jobs()).toHaveLength(1);
    expect(here.world.line.count('InitiateJob')).toBe(1);
    expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
    expect(here.world.app.retrievals.askedLately().day.bytes).toBe(MiB + 1);
  });

  it('is done again when the request never arrived, and then counts once', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', MiB);
    here.world.line.next('InitiateJob', { kind: 'cut', afterBytes: 0 });
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'retrieved');
    expect(await here.jobs()).toHaveLength(1);
    expect(here.events(id)).toContain('request-settled');
    expect(here.world.app.retrievals.askedLately().day.bytes).toBe(MiB);
  });

  it('is not done twice when Firn dies before the answer', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', MiB);
    const gate = here.world.line.gate('InitiateJob', 'answer');
    const id = await here.retrieveOne(archive);
    await gate.arrived;
    const crashed = here.world.crash();
    gate.open();
    await crashed;
    expect(here.retrieval(id).phase).toMatchObject({ kind: 'queued' });
    await here.reaches(id, 'retrieved');
    expect(await here.jobs()).toHaveLength(1);
    expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
  });

  it('is not done at all when a job is there already, whoever asked for it', async () => {
    const here = await RetrievalWorld.open();
    const { archive, bytes } = await here.store('a.raw', MiB);
    const [row] = [...here.world.app.catalogue.chosen({ kind: 'ids', ids: [archive] })];
    await here.world.client.newJob(VAULT, { Type: 'archive-retrieval', ArchiveId: row?.archive_id, Tier: 'Standard' });
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'retrieved');
    expect(here.world.line.count('InitiateJob')).toBe(0);
    expect(here.world.app.retrievals.askedLately().month).toEqual({ bytes: 0, cost: 0 });
    expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
  });

  it('that is refused costs nothing and says why', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', MiB);
    here.world.line.next('InitiateJob', refusal(403, 'AccessDeniedException', 'not authorized'));
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'queued failed access-denied');
    expect(here.world.app.retrievals.askedLately().day.bytes).toBe(0);
    await here.world.app.retrievals.resume([id]);
    await here.reaches(id, 'retrieved');
  });

  it('waits while Glacier has no capacity for Expedited, or the account allows no more', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', MiB);
    here.world.line.next('InitiateJob', refusal(503, 'InsufficientCapacityException', 'no capacity'));
    here.world.line.next('InitiateJob', refusal(400, 'PolicyEnforcedException', 'policy'));
    const id = await here.retrieveOne(archive, { tier: 'Expedited' });
    await here.reaches(id, 'retrieved');
    expect(here.world.line.count('InitiateJob')).toBe(3);
    expect(here.world.app.retrievals.askedLately().day.bytes).toBe(MiB);
  });

  it('stops when Glacier could not prepare the data, and asks again only when told so of this one', async () => {
    const here = await RetrievalWorld.open();
    const { archive } = await here.store('a.raw', MiB);
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'requested backoff awaiting-job');
    await here.world.client.deleteArchive(VAULT, here.retrieval(id).archiveId);
    await here.reaches(id, 'queued failed job-failed');
    here.world.pass(DAY);
    expect(here.state(id)).toBe('queued failed job-failed');
    await here.world.app.retrievals.pause('all');
    await here.world.app.retrievals.resume('all');
    expect(here.state(id)).toBe('queued failed job-failed');
    await here.world.app.retrievals.resume([id]);
    await here.reaches(id, 'queued failed not-found');
  });

  it('looks at the jobs of a vault together, and ever more rarely', async () => {
    const here = await RetrievalWorld.open();
    const archives: number[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) archives.push((await here.store(`${name}.raw`, 1000)).archive);
    const ids = await here.retrieve(archives);
    for (const id of ids) await here.reaches(id, 'retrieved', MINUTE);
    expect(here.world.line.count('DescribeJob')).toBeLessThan(10);
    // Four hours in steps of a minute at the least.
    expect(here.world.line.count('ListJobs')).toBeLessThan(120);
  });
});

describe('the limits for retrievals', () => {
  it('stage requests over the days, in their order, and say until when', async () => {
    const retrievalLimits = { ...noRetrievalLimits, bytesPerDay: 3 * MiB };
    const here = await RetrievalWorld.open({ settings: { retrievalLimits } });
    const first = await here.store('a.raw', 2 * MiB);
    const second = await here.store('b.raw', 2 * MiB);
    const third = await here.store('c.raw', MiB);
    const [c, b, a] = await here.retrieve([third.archive, second.archive, first.archive]);
    if (!a || !b || !c) throw new Error('Not all were added');
    // The newest archive comes first.
    await here.reaches(c, 'retrieved');
    await here.reaches(b, 'retrieved');
    await here.reaches(a, 'queued backoff retrieval-limit');
    const { hold } = here.retrieval(a);
    if (hold?.kind !== 'backoff' || hold.failure.kind !== 'retrieval-limit') throw new Error('It waits otherwise');
    expect(hold.failure.limit).toBe('3 MiB in 24 hours');
    expect(hold.failure.until - here.world.clock.now()).toBeGreaterThan(12 * HOUR);
    expect(await here.jobs()).toHaveLength(2);
    await here.reaches(a, 'retrieved', HOUR);
  });

  it('that are raised let go on at once', async () => {
    const retrievalLimits = { ...noRetrievalLimits, bytesPerMonth: MiB };
    const here = await RetrievalWorld.open();
    here.world.app.changeSettings({ retrievalLimits });
    const { archive } = await here.store('a.raw', 2 * MiB);
    const id = await here.retrieveOne(archive);
    await here.reaches(id, 'queued failed above-retrieval-limit');
    expect(here.world.line.count('InitiateJob')).toBe(0);
    here.world.app.changeSettings({ retrievalLimits: noRetrievalLimits });
    await here.reaches(id, 'retrieved');
  });
});
