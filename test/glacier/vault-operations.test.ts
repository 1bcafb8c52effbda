import { expect, test } from 'vitest';
import { fail } from '../../shared/result.ts';
import { GiB, HOUR, MiB } from '../../shared/units.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';
import { valueOf } from '../support/value-of.ts';

// What every client sees is in support/glacier-suite.ts; here is what Firn's makes of it.

const bench = glacierBench();
const quiet = { signal: never, onSent: () => undefined };

async function photos() {
  const practice = await practiceBench();
  const glacier = bench.open(practice.vault().url, { clock: () => practice.now() });
  valueOf(await glacier.createVault('photos', never));
  return { practice, glacier };
}

test('Firn computes the tree hash of every range it gets, and says whether Glacier told the same', async () => {
  const { glacier, practice } = await photos();
  const content = leaves(2.5 * MiB);
  const source = await bench.file('a', content);
  const { archiveId } = valueOf(await glacier.uploadArchive({ vault: 'photos', description: '', source }, quiet));
  const { jobId } = valueOf(await glacier.requestArchive({ vault: 'photos', archiveId, tier: 'Expedited' }, never));
  practice.wait(1 * HOUR);
  for (const [first, last, confirmed] of [
    [2 * MiB, content.length - 1, true],
    [5, 7, false],
  ] as const) {
    const request = { vault: 'photos', jobId, range: { first, last } };
    expect(await glacier.jobOutput(request, { write: () => undefined, signal: never })).toMatchObject({
      ok: true,
      value: { length: last - first + 1, treeHash: treeHashOf(content.subarray(first, last + 1)), confirmed },
    });
  }
});

test('what is empty or larger than 4 GiB does not go up in one request', async () => {
  const { glacier } = await photos();
  const empty = await bench.file('empty', Buffer.alloc(0));
  const large = { ...empty, identity: { ...empty.identity, size: 4 * GiB + 1 } };
  const send = (source: typeof empty) => glacier.uploadArchive({ vault: 'photos', description: '', source }, quiet);
  expect(await send(empty)).toMatchObject({ failure: { kind: 'file-empty' } });
  expect(await send(large)).toMatchObject({ failure: { kind: 'invalid-input' } });
});

test('what is not there is called by its name', async () => {
  const { glacier } = await photos();
  const noVault = fail({ kind: 'vault-missing', vault: 'nothing' });
  expect(await glacier.requestInventory('photos', never)).toEqual(
    fail({ kind: 'not-found', what: 'An inventory of the vault "photos"' }),
  );
  expect(await glacier.requestInventory('nothing', never)).toEqual(noVault);
  expect(await glacier.describeJob('photos', 'J', never)).toEqual(fail({ kind: 'not-found', what: 'The job' }));
});
