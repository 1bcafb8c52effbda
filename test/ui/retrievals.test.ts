import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { fail } from '../../shared/result.ts';
import type { RetrievalId, RetrievalView } from '../../shared/retrieval.ts';
import { GiB, HOUR, MiB } from '../../shared/units.ts';
import { accountKey, waitKey } from '../../shared/wait.ts';
import { openWindow } from '../support/open-window.ts';
import { accountId, archiveId, sampleArchive } from '../support/window-samples.ts';

const LINE = waitKey('line', 'retrievals');

function sampleRetrieval(changes: Partial<RetrievalView> = {}): RetrievalView {
  return {
    id: 'retrieval-1' as RetrievalId,
    waitKeys: [accountKey(accountId), LINE],
    accountId,
    vault: 'weddings-2026',
    archiveId,
    path: '/photos/a.raw',
    archiveSize: 1 * GiB,
    range: { first: 0, last: 1 * GiB - 1 },
    size: 1 * GiB,
    receivedBytes: 0,
    tier: 'Standard',
    folder: '/home/ida/Back',
    relativePath: 'photos/a.raw',
    onExisting: 'ask',
    position: 1,
    addedAt: Date.UTC(2026, 10, 3, 12),
    phase: { kind: 'queued', asked: null },
    hold: null,
    ...changes,
  };
}

const goTo = async (view: string) => {
  await fireEvent.click(await screen.findByRole('button', { name: view }));
};

test('archives are retrieved from the catalogue after a quote, into a folder that was chosen', async () => {
  const bridge = openWindow({ archives: [sampleArchive(1, { size: 1 * GiB })] });
  await goTo('Catalogue');
  await fireEvent.click(await screen.findByRole('button', { name: 'Select all' }));
  await fireEvent.click(await screen.findByRole('button', { name: 'Retrieve…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Retrieve 1 archive, 1 GiB' });
  const costs = await within(dialog).findByRole('table', { name: 'What it costs' });
  expect(costs.textContent).toMatch(/1 request, Standard.*Retrieval of 1 GiB.*Transfer out.*Together, about\s*\$0\.13/);
  expect(dialog.textContent).toMatch(/Prices of 2026-11-22, 3 days old/);
  expect(within(dialog).getByRole('radio', { name: /Standard.*3 to 5 h/ })).toBeTruthy();
  const start = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Retrieve' });
  expect(start.disabled).toBe(true);
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Choose a folder…' }));
  expect(await within(dialog).findByText('/home/ida/Back')).toBeTruthy();
  await fireEvent.click(within(dialog).getByRole('radio', { name: /Bulk/ }));
  await fireEvent.click(await screen.findByRole('button', { name: 'Retrieve' }));
  expect(await screen.findByRole('heading', { name: 'Retrievals', level: 1 })).toBeTruthy();
  expect(bridge.inputsOf('retrievals:enqueue')).toMatchObject([
    { token: 'token of 1', tier: 'Bulk', onExisting: 'ask' },
  ]);
  expect(bridge.inputsOf('retrievals:preview').at(-1)).toMatchObject({
    choice: { kind: 'matching', text: '' },
    range: null,
    folderId: 'folder',
  });
});

test('what has changed since the quote is said, and nothing is retrieved before the new quote was seen', async () => {
  const bridge = openWindow({ archives: [sampleArchive(1, { size: 1 * GiB })] });
  await goTo('Catalogue');
  await fireEvent.click(await screen.findByRole('button', { name: 'Select all' }));
  await fireEvent.click(await screen.findByRole('button', { name: 'Retrieve…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Retrieve 1 archive, 1 GiB' });
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Choose a folder…' }));
  await within(dialog).findByText('/home/ida/Back');
  bridge.answer('retrievals:enqueue', () => fail({ kind: 'choice-changed', detail: 'It would cost $2.00 now.' }));
  const start = await within(dialog).findByRole<HTMLButtonElement>('button', { name: 'Retrieve' });
  await waitFor(() => {
    expect(start.disabled).toBe(false);
  });
  await fireEvent.click(start);
  expect((await within(dialog).findByRole('alert')).textContent).toContain('It would cost $2.00 now.');
  expect([start.disabled, within(dialog).queryByRole('table', { name: 'What it costs' })]).toEqual([true, null]);
  bridge.world.quote = { ...bridge.world.quote, archives: 7 };
  await fireEvent.click(within(dialog).getByRole('button', { name: 'Look again' }));
  await within(dialog).findByRole('table', { name: 'What it costs' });
  expect(within(dialog).queryByRole('alert')).toBeNull();
  await fireEvent.click(start);
  await waitFor(() => {
    expect(bridge.inputsOf('retrievals:enqueue').map(({ token }) => token)).toEqual(['token of 1', 'token of 7']);
  });
});

test('a range that Glacier does not retrieve is refused in words before anything is asked', async () => {
  const bridge = openWindow({ archives: [sampleArchive(1, { size: 1 * GiB })] });
  await goTo('Catalogue');
  await fireEvent.click(await screen.findByRole('button', { name: 'Select all' }));
  await fireEvent.click(await screen.findByRole('button', { name: 'Retrieve…' }));
  await fireEvent.click(await screen.findByRole('switch', { name: 'Only some of its bytes' }));
  const last = await screen.findByLabelText('Last byte');
  const asked = bridge.inputsOf('retrievals:preview').length;
  for (const [typed, problem] of [
    ['5', /must end just before a multiple of 1 MiB/],
    ['much', /Type whole numbers/],
    [String(2 * GiB), /ends after the archive/],
  ] as const) {
    await fireEvent.input(last, { target: { value: typed } });
    await fireEvent.change(last);
    expect(await screen.findByText(problem)).toBeTruthy();
  }
  expect(bridge.inputsOf('retrievals:preview').length).toBe(asked);
  await fireEvent.input(last, { target: { value: '1,048,575' } });
  await fireEvent.change(last);
  expect(bridge.inputsOf('retrievals:preview').at(-1)?.range).toEqual({ first: 0, last: MiB - 1 });
});

test('a list says where each retrieval stands, and how it goes on', async () => {
  const failed = { kind: 'failed', failure: { kind: 'target-exists', path: '/home/ida/Back/b.raw' } } as const;
  const ready = {
    kind: 'downloading',
    outputEndsAt: Date.now() + 2 * HOUR + 30_000,
  } as const;
  const bridge = openWindow({
    retrievals: [
      sampleRetrieval({ phase: ready, receivedBytes: 256 * MiB }),
      sampleRetrieval({ id: 'r2' as RetrievalId, relativePath: 'b.raw', hold: failed }),
    ],
  });
  await goTo('Retrievals');
  const row = await screen.findByRole('row', { name: /^a\.raw, About to go on/ });
  expect(row.textContent).toMatch(/256 MiB of 1 GiB · 25 %/);
  expect(row.textContent).toMatch(/Glacier keeps the output for only 2 h/);
  expect((await screen.findByRole('alert')).textContent).toContain('Glacier keeps an output for only 2 h');
  const other = screen.getByRole('row', { name: /^b\.raw, Needs you/ });
  await fireEvent.click(within(other).getByRole('button', { name: 'Keep both' }));
  await fireEvent.click(within(other).getByRole('button', { name: 'Replace' }));
  const question = await screen.findByRole('alertdialog', { name: 'Replace b.raw?' });
  await fireEvent.click(within(question).getByRole('button', { name: 'Replace' }));
  await screen.findByRole('row', { name: /^b\.raw/ });
  expect(bridge.inputsOf('retrievals:answer-existing')).toEqual([
    { which: ['r2'], answer: 'keep-both' },
    { which: ['r2'], answer: 'replace' },
  ]);
});

test('what retrievals wait for together is said of each that waits for it', async () => {
  const bridge = openWindow({
    retrievals: [
      sampleRetrieval(),
      sampleRetrieval({ id: 'r2' as RetrievalId, relativePath: 'b.raw', waitKeys: [accountKey(accountId)] }),
    ],
  });
  await goTo('Retrievals');
  await screen.findByRole('row', { name: /^a\.raw, Waiting for its turn/ });
  bridge.changeWaits([{ key: LINE, failure: { kind: 'line-busy' }, since: 1, until: null, attempt: 1, triedBy: [] }]);
  await screen.findByRole('row', { name: /^a\.raw, Waiting until the line is free for more/ });
  expect(screen.getByRole('row', { name: /^b\.raw, Waiting for its turn/ })).toBeTruthy();
  bridge.changeWaits([]);
  await screen.findByRole('row', { name: /^a\.raw, Waiting for its turn/ });
});

test('without a retrieval the view says how to begin', async () => {
  openWindow();
  await goTo('Retrievals');
  expect(await screen.findByText('Nothing is being retrieved')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Go to the catalogue' }));
  expect(await screen.findByRole('heading', { name: 'Catalogue', level: 1 })).toBeTruthy();
});

test.each([
  [{}, 'Nothing was asked of Glacier yet. The archive stays'],
  [{ receivedBytes: 512 * MiB }, 'Glacier is not preparing it now. What is here, 512 MiB of 1 GiB, is removed. The'],
  [{ hold: { kind: 'failed', failure: { kind: 'job-lost' } } }, 'Glacier is not preparing it now. The archive stays'],
  [{ phase: { kind: 'requested', requestedAt: 1 } }, 'What Glacier was asked for is billed all the same.'],
] as [Partial<RetrievalView>, string][])('what is lost by cancelling is said as it is: %j', async (changes, words) => {
  openWindow({ retrievals: [sampleRetrieval(changes)] });
  await goTo('Retrievals');
  await fireEvent.click(await screen.findByRole('button', { name: 'Cancel retrieval' }));
  expect((await screen.findByRole('alertdialog')).textContent).toContain(words);
});
