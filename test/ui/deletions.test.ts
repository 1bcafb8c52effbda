import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { ChoreDetail, ChoreId, ChoreView } from '../../shared/chore.ts';
import { ok } from '../../shared/result.ts';
import { GiB, HOUR, MiB } from '../../shared/units.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import { choreActions } from '../../renderer/state/chore-actions.ts';
import type { FakeBridge } from '../support/fake-bridge.ts';
import { openWindow } from '../support/open-window.ts';
import { archiveId, sampleChore } from '../support/window-samples.ts';

type Emptying = Extract<ChoreView, { kind: 'emptying' }>;

const button = (name: string | RegExp) => screen.findByRole('button', { name });
const row = (name: RegExp) => screen.findByRole('row', { name });
const other = 'c0c0c0c0-0000-4000-8000-000000000002' as ChoreId;
const inUse = { kind: 'vault-in-use', vault: 'photos', archives: 2, newestAt: Date.UTC(2026, 10, 5, 12) } as const;
const emptying = (chore: Partial<Emptying> = {}) =>
  sampleChore({ kind: 'emptying', id: other, vault: 'photos', phase: 'listing', closes: true, ...chore });

async function openDeletions(chores: ChoreView[]): Promise<FakeBridge> {
  const bridge = openWindow({ chores });
  await fireEvent.click(await button('Deletions'));
  await screen.findByRole('heading', { name: 'Deletions', level: 1 });
  return bridge;
}

test('without a deletion the view says how to begin', async () => {
  await openDeletions([]);
  expect(screen.getByText('Nothing is being deleted')).toBeTruthy();
  await fireEvent.click(await button('Go to the vaults'));
  expect(await screen.findByRole('heading', { name: 'Vaults', level: 1 })).toBeTruthy();
});

test('a list says how far each is and why it waits, and they are paused, resumed and asked for at once', async () => {
  const failure = { kind: 'vault-not-yet-empty', vault: 'photos', openUploads: null } as const;
  const hold = { kind: 'backoff', until: Date.now() + 2 * HOUR, attempt: 3, failure } as const;
  const bridge = await openDeletions([
    sampleChore({ total: 4, totalBytes: 4 * GiB, deleted: 1, deletedBytes: GiB }),
    emptying({ phase: 'confirming', hold, total: 12, deleted: 12 }),
  ]);
  expect(screen.getByText('1 running · 1 waiting; Firn may be closed meanwhile')).toBeTruthy();
  const running = await row(/^Deleting 4 archives from weddings-2026, Deleting: 1 of 4 deleted/);
  expect(running.textContent).toMatch(/1 of 4 GiB/);
  expect(within(running).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
  const waits = await row(/^Emptying and closing photos, 12 of 12 deleted; waiting for an inventory .* looks again in/);
  await fireEvent.click(within(waits).getByRole('button', { name: 'Look now' }));
  await fireEvent.keyDown(running, { key: 'p' });
  bridge.changeChores([sampleChore({ hold: { kind: 'paused' } })]);
  const paused = await row(/^Deleting .* Paused/);
  await fireEvent.click(within(paused).getByRole('button', { name: 'Resume' }));
  expect(bridge.inputsOf('chores:resume')).toEqual([{ id: other }, { id: sampleChore().id }]);
  expect(bridge.inputsOf('chores:pause')).toEqual([{ id: sampleChore().id }]);
  await fireEvent.click(await button(/^Waiting/));
  expect(screen.getAllByRole('row')).toHaveLength(2);
  await fireEvent.click(await button(/^Needs you/));
  expect(await screen.findByText('No deletion matches the filter and the search.')).toBeTruthy();
});

test('what came into a vault since is deleted only after a question', async () => {
  const bridge = await openDeletions([emptying({ hold: { kind: 'failed', failure: inUse } })]);
  const stopped = await row(/^Emptying and closing photos, Needs you: Something is still putting archives/);
  await fireEvent.click(within(stopped).getByRole('button', { name: 'Delete also what came since' }));
  const question = await screen.findByRole('alertdialog', { name: 'Delete also what was put into photos since?' });
  expect(question.textContent).toMatch(/2 archives came since Firn began to empty it, the last one on 5 Nov 2026/);
  await fireEvent.click(within(question).getByRole('button', { name: 'Keep it' }));
  expect(bridge.inputsOf('emptying:widen')).toEqual([]);
  await fireEvent.click(within(stopped).getByRole('button', { name: 'Delete also what came since' }));
  await fireEvent.click(await button('Delete it as well'));
  await waitFor(() => {
    expect(bridge.inputsOf('emptying:widen')).toEqual([{ id: other, newestAt: inUse.newestAt }]);
  });
});

test('cancelling says that what is deleted stays deleted, and what is over is cleared', async () => {
  const bridge = await openDeletions([sampleChore({ total: 40, deleted: 7 })]);
  await fireEvent.keyDown(await row(/^Deleting 40/), { key: 'Delete' });
  const question = await screen.findByRole('alertdialog', { name: 'Stop deleting archives from weddings-2026?' });
  expect(question.textContent).toMatch(
    /What is deleted stays deleted: 7 archives of 40\. The rest stays in the vault\./,
  );
  await fireEvent.click(within(question).getByRole('button', { name: 'Cancel deletion' }));
  await waitFor(() => {
    expect(bridge.inputsOf('chores:cancel')).toEqual([{ id: sampleChore().id }]);
  });
  bridge.changeChores([sampleChore({ phase: 'cancelled', total: 40, deleted: 7, endedAt: Date.now() })]);
  await row(/Cancelled; 7 of 40 deleted/);
  await fireEvent.click(await button('Clear finished'));
  expect(await screen.findByText('Nothing is being deleted')).toBeTruthy();
});

test('the details name what Glacier refused and what happened; it is tried again or cleared by hand', async () => {
  const refusedId = `${archiveId}9` as ArchiveId;
  const chore = sampleChore({ phase: 'done', total: 3, deleted: 1, failed: 2, endedAt: Date.UTC(2026, 10, 3, 13) });
  const detail: ChoreDetail = {
    chore,
    refused: [
      {
        archiveId: refusedId,
        path: null,
        size: MiB,
        failure: { kind: 'access-denied', message: 'not authorized', requestId: null },
      },
    ],
    events: [{ kind: 'worked-off', at: Date.UTC(2026, 10, 3, 13) }],
  };
  const bridge = openWindow({ chores: [chore] }, (one) => {
    one.answer('chores:detail', () => ok(detail));
  });
  await fireEvent.click(await button('Deletions'));
  expect(await screen.findByText('1 needs you')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Clear finished' })).toBeNull();
  await fireEvent.click(await row(/Glacier refused 2/));
  const details = within(await screen.findByRole('complementary', { name: /^Details of Deleted \d archives?/ }));
  const refused = await details.findByRole('region', { name: 'Refused' });
  expect(refused.textContent).toContain(refusedId);
  expect(refused.textContent).toContain('and 1 more');
  expect(details.getByText('Nothing is left to delete')).toBeTruthy();
  await fireEvent.click(details.getByRole('button', { name: 'Retry' }));
  expect(bridge.inputsOf('chores:resume')).toEqual([{ id: chore.id }]);
  await fireEvent.click(details.getByRole('button', { name: 'Clear' }));
  expect(await screen.findByText('Nothing is being deleted')).toBeTruthy();
});

test('each state offers what can be done in it', () => {
  const offline = { kind: 'offline', detail: '' } as const;
  const cases: [ChoreView, string[]][] = [
    [sampleChore(), ['pause', 'cancel']],
    [sampleChore({ hold: { kind: 'paused' } }), ['resume', 'cancel']],
    [
      sampleChore({ hold: { kind: 'backoff', until: 1, attempt: 1, failure: offline } }),
      ['try-now', 'pause', 'cancel'],
    ],
    [sampleChore({ hold: { kind: 'failed', failure: offline } }), ['retry', 'cancel']],
    [emptying({ hold: { kind: 'failed', failure: inUse } }), ['widen', 'retry', 'cancel']],
    [sampleChore({ phase: 'done' }), ['clear']],
    [sampleChore({ phase: 'done', failed: 1 }), ['retry', 'clear']],
    [sampleChore({ phase: 'cancelled', failed: 1 }), ['clear']],
  ];
  for (const [chore, actions] of cases) expect(choreActions(chore)).toEqual(actions);
});
