import { expect, test } from 'vitest';
import { JobList } from '../../main/retrievals/job-watch.ts';
import { askForJob } from '../../main/retrievals/steps/ask.ts';
import type { RetrievalContext } from '../../main/retrievals/steps/context.ts';
import type { Retrieval } from '../../main/retrievals/ports.ts';
import { Slots } from '../../main/core/slots.ts';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import { DAY, MiB } from '../../shared/units.ts';

test('what the limits allow goes to the first in the list, although its folder takes longer to answer', async () => {
  let answer: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  const made: { bytes: number; cost: number; at: number }[] = [];
  const asked: string[] = [];
  const context = {
    turns: new Slots(() => 1),
    softSignal: new AbortController().signal,
    clock: { now: () => 1 },
    limits: () => ({ ...noRetrievalLimits, bytesPerDay: MiB }),
    costOf: () => 0,
    files: {
      folder: async (path: string) => {
        if (path === '/slow') await slow;
        return { ok: true, value: 'folder' };
      },
      mark: () => Promise.resolve({ ok: true, value: null }),
      takesSize: () => Promise.resolve({ ok: true, value: null }),
      freeBytes: () => Promise.resolve(null),
    },
    line: { room: () => DAY, capacity: () => DAY, isFull: () => false },
    limitWait: () => null,
    jobs: { list: () => Promise.resolve({ ok: true, value: new JobList([]) }), began: () => undefined },
    service: { now: () => 1, requestArchive: () => Promise.resolve({ ok: true, value: { jobId: 'J' } }) },
    account: { id: 'account' },
    retrievals: {
      jobs: () => [],
      ranges: () => [],
      requestsSince: () => made,
      requestedSince: () => ({ bytes: made.reduce((sum, { bytes }) => sum + bytes, 0), cost: 0 }),
      apply: (id: string, event: { kind: string; first: number; last: number }) => {
        if (event.kind !== 'asked') return;
        asked.push(id);
        made.push({ bytes: event.last - event.first + 1, cost: 0, at: 1 });
      },
    },
  } as unknown as RetrievalContext;
  const retrieval = (id: string, folder: string): Retrieval =>
    ({
      id,
      folder,
      folderId: 'folder',
      range: { first: 0, last: MiB - 1 },
      rangeSize: MiB,
      relativePath: 'a',
      onExisting: 'keep',
      size: MiB,
      archiveSize: MiB,
      tier: 'Standard',
    }) as unknown as Retrieval;
  const first = askForJob(retrieval('first', '/slow'), null, context);
  const second = askForJob(retrieval('second', '/fast'), null, context);
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual([]);
  answer();
  expect(await first).toBeNull();
  expect(await second).toMatchObject({ kind: 'retrieval-limit' });
  expect(asked).toEqual(['first']);
});
