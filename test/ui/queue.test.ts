import { createEvent, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HOUR, MiB } from '../../shared/units.ts';
import type { Hold } from '../../shared/hold.ts';
import type { Phase, UploadId, UploadView } from '../../shared/upload.ts';
import { openWindow } from '../support/open-window.ts';
import {
  archiveId,
  multipartUploadId,
  sampleAccount,
  sampleUpload,
  sampleWorld,
  treeHash,
} from '../support/window-samples.ts';

const now = Date.UTC(2026, 10, 3, 12);
const uploading: Phase = { kind: 'uploading', multipartUploadId };
const stored: Phase = { kind: 'stored', archiveId, treeHash };

function upload(name: string, position: number, view: Partial<UploadView> = {}): UploadView {
  return sampleUpload({ id: `id-${name}` as UploadId, path: `/photos/${name}`, position, size: 100 * MiB, ...view });
}

const running = upload('running.raw', 1, { phase: uploading, uploadedBytes: 16 * MiB });
const paused = upload('paused.raw', 2, {
  phase: uploading,
  hold: { kind: 'paused' },
  expiresAt: now + 5 * HOUR,
});
const failed = upload('failed.raw', 3, {
  hold: { kind: 'failed', failure: { kind: 'vault-missing', vault: 'office' } },
});
const done = upload('done.raw', 4, { phase: stored, uploadedBytes: 100 * MiB });
const completing = upload('last.raw', 5, { phase: { kind: 'completing', multipartUploadId, treeHash, askedAt: 1 } });
const uploads = [running, paused, failed, done, completing];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now });
});

afterEach(() => {
  vi.useRealTimers();
});

const row = (name: string | RegExp) => screen.findByRole('row', { name });
const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });
const names = () => screen.getAllByRole('row').map((element) => element.getAttribute('aria-label')?.split(',')[0]);
const actions = (element: HTMLElement) =>
  within(element)
    .getAllByRole('button')
    .map((one) => one.getAttribute('aria-label'));

test('a file that is not where it was can be found by hand, and what follows it is told', async () => {
  const failure = { kind: 'source-missing', path: '/photos/away.raw' } as const;
  const away = upload('away.raw', 1, { hold: { kind: 'backoff', until: now + HOUR, attempt: 1, failure } });
  const bridge = openWindow({ uploads: [away] });
  await fireEvent.click(await row(/^away\.raw/));
  const [find] = await screen.findAllByRole('button', { name: 'Find…' });
  await fireEvent.click(find as HTMLElement);
  expect(bridge.inputsOf('files:find')).toEqual([{ of: { upload: away.id } }]);
  expect(await screen.findByText('2 uploads and 3 archives have their files at the new place now.')).toBeTruthy();
  expect(await screen.findByText('1 file is not at the new place.')).toBeTruthy();
});

describe('a row', () => {
  test('is named by its file and says its state in words', async () => {
    openWindow({ uploads });
    expect(await row('paused.raw, Paused')).toBeTruthy();
    expect(await row('failed.raw, Needs you: There is no vault named "office" in this region.')).toBeTruthy();
    expect(await row('done.raw, Stored')).toBeTruthy();
  });

  test('offers what its state allows', async () => {
    openWindow({ uploads });
    expect(actions(await row(/^running/))).toEqual(['Pause', 'Show in folder', 'Cancel upload']);
    expect(actions(await row(/^paused/))).toEqual(['Resume', 'Show in folder', 'Cancel upload']);
    expect(actions(await row(/^failed/))).toEqual(['Retry', 'Start over', 'Show in folder', 'Cancel upload']);
    expect(actions(await row(/^done/))).toEqual(['Show in folder']);
    expect(actions(await row(/^last/))).toEqual(['Show in folder']);
  });

  test('that is being cancelled and waits is tried now or given up, and not paused', async () => {
    const hold: Hold = { kind: 'backoff', until: now + HOUR, attempt: 1, failure: { kind: 'offline', detail: 'x' } };
    openWindow({ uploads: [upload('going.raw', 1, { phase: { kind: 'aborting', multipartUploadId }, hold })] });
    expect(actions(await row(/^going/))).toEqual(['Try now', 'Show in folder', 'Cancel upload']);
  });

  test('follows the bytes on the wire', async () => {
    const bridge = openWindow({ uploads });
    await row(/^running/);
    const live = { id: running.id, sentBytes: 50 * MiB, rate: 10 * MiB, remainingMs: 5000 };
    bridge.emit('uploads:progress', { uploads: [live], rate: 10 * MiB, remainingMs: 99_000, slowedDown: false });
    const bar = await screen.findByRole('progressbar', { name: 'running.raw' });
    await waitFor(() => {
      expect(bar.getAttribute('aria-valuetext')).toBe('50 of 100 MiB · 50 %, Uploading');
    });
    expect((await row(/^running/)).textContent).toContain('50 of 100 MiB · 50 % · 10 MiB/s · 5 s left');
    expect(screen.getByText('250 MiB to go · 10 MiB/s · 1 min 39 s left · 1 upload needs you')).toBeTruthy();
  });

  test('shows a name with control characters as text', async () => {
    openWindow({ uploads: [upload('<b>two\nlines.raw', 1)] });
    const element = await row('<b>two\\u000alines.raw, Waiting for its turn');
    expect(element.querySelector('b')).toBeNull();
  });

  test('pauses and resumes with its buttons', async () => {
    const bridge = openWindow({ uploads });
    await fireEvent.click(within(await row(/^running/)).getByRole('button', { name: 'Pause' }));
    await fireEvent.click(within(await row(/^paused/)).getByRole('button', { name: 'Resume' }));
    expect(bridge.inputsOf('uploads:pause')).toEqual([{ which: [running.id] }]);
    expect(bridge.inputsOf('uploads:resume')).toEqual([{ which: [paused.id] }]);
  });

  test('is cancelled only after a question', async () => {
    const bridge = openWindow({ uploads });
    await fireEvent.click(within(await row(/^running/)).getByRole('button', { name: 'Cancel upload' }));
    const question = await screen.findByRole('alertdialog', { name: 'Cancel the upload of running.raw?' });
    expect(question.textContent).toContain('16 MiB of 100 MiB in 1 part');
    await fireEvent.click(within(question).getByRole('button', { name: 'Keep it' }));
    expect(bridge.inputsOf('uploads:cancel')).toEqual([]);
    await fireEvent.click(within(await row(/^running/)).getByRole('button', { name: 'Cancel upload' }));
    await fireEvent.click(
      within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Cancel upload' }),
    );
    expect(bridge.inputsOf('uploads:cancel')).toEqual([{ which: [running.id] }]);
  });

  test('that could not be cancelled says what it waits for', async () => {
    const bridge = openWindow({ uploads });
    bridge.answer('uploads:cancel', () => ({ ok: true, value: { waiting: 1 } }));
    await fireEvent.click(within(await row(/^running/)).getByRole('button', { name: 'Cancel upload' }));
    const question = within(await screen.findByRole('alertdialog'));
    await fireEvent.click(question.getByRole('button', { name: 'Cancel upload' }));
    expect(await screen.findByText('It could not be cancelled.')).toBeTruthy();
    expect(screen.getByText('Amazon has not answered its last request yet. Cancel it again when it has.')).toBeTruthy();
  });

  test.each([
    [{ kind: 'unconfirmed', treeHash, askedAt: now - HOUR, since: now - HOUR }, null],
    [completing.phase, { kind: 'failed', failure: { kind: 'vault-missing', vault: 'office' } }],
  ] as [Phase, Hold | null][])(
    'is not said to be removed while the archive may be stored: %j, held by %j',
    async (phase, hold) => {
      openWindow({ uploads: [upload('unsure.raw', 1, { phase, hold, uploadedBytes: 100 * MiB })] });
      await fireEvent.click(within(await row(/^unsure/)).getByRole('button', { name: 'Cancel upload' }));
      const question = await screen.findByRole('alertdialog');
      expect(question.textContent).toContain('If so, it stays in the vault');
      expect(question.textContent).not.toContain('removes it');
    },
  );
});

describe('the list', () => {
  test('follows main: changes, additions in their place, removals', async () => {
    const bridge = openWindow({ uploads: [done, running] });
    await row(/^running/);
    expect(names()).toEqual(['running.raw', 'done.raw']);
    bridge.change([upload('between.raw', 3), { ...running, phase: stored }], [done.id]);
    expect(await row('running.raw, Stored')).toBeTruthy();
    expect(names()).toEqual(['running.raw', 'between.raw']);
  });

  test('is filtered by state, with a count for each', async () => {
    openWindow({ uploads });
    await fireEvent.click(await button('Needs you 1'));
    expect(names()).toEqual(['failed.raw']);
    await fireEvent.click(await button('Running 2'));
    expect(names()).toEqual(['running.raw', 'last.raw']);
    await fireEvent.click(await button('Waiting 1'));
    expect(names()).toEqual(['paused.raw']);
    await fireEvent.click(await button('All 5'));
    expect(names()).toHaveLength(5);
  });

  test('is searched by words of the path', async () => {
    openWindow({ uploads });
    await fireEvent.input(await screen.findByLabelText('Search'), { target: { value: 'RAW pau' } });
    expect(names()).toEqual(['paused.raw']);
    await fireEvent.input(screen.getByLabelText('Search'), { target: { value: 'nothing' } });
    await fireEvent.click(await button('Show all'));
    expect(names()).toHaveLength(5);
  });

  test('draws only the rows in view, however many there are', async () => {
    openWindow({ uploads: Array.from({ length: 20_000 }, (_, index) => upload(`${index}.raw`, index)) });
    const grid = await screen.findByRole('grid', { name: 'Uploads' });
    expect(grid.getAttribute('aria-rowcount')).toBe('20000');
    expect(screen.getAllByRole('row').length).toBeLessThan(30);
  });
});

describe('all uploads', () => {
  test('are paused and resumed by one setting that keeps each one’s own state', async () => {
    const bridge = openWindow({ uploads });
    await fireEvent.click(await button('Pause all'));
    expect(bridge.inputsOf('settings:set')).toEqual([{ queuePaused: true }]);
    expect(await row('running.raw, Waiting: all uploads are paused')).toBeTruthy();
    expect(await row(/^failed.raw, Needs you/)).toBeTruthy();
    await fireEvent.click(await button('Resume all'));
    expect(bridge.inputsOf('settings:set')[1]).toEqual({ queuePaused: false });
    expect(bridge.inputsOf('uploads:pause')).toEqual([]);
  });

  test('that failed are retried together, and finished ones are cleared', async () => {
    const bridge = openWindow({ uploads });
    bridge.answer('uploads:clear', () => ({ ok: true, value: { cleared: 1 } }));
    await fireEvent.click(await button('Retry all failed'));
    expect(bridge.inputsOf('uploads:resume')).toEqual([{ which: [failed.id] }]);
    await fireEvent.click(await button('Clear finished'));
    expect(bridge.inputsOf('uploads:clear')).toHaveLength(1);
    expect(await screen.findByText('1 upload cleared.')).toBeTruthy();
  });
});

describe('the order', () => {
  const move = async (name: RegExp, key: string) => fireEvent.keyDown(await row(name), { key, altKey: true });

  test('is changed by Alt with the arrows, Home and End', async () => {
    const bridge = openWindow({ uploads });
    await move(/^paused/, 'ArrowUp');
    await move(/^paused/, 'ArrowDown');
    await move(/^failed/, 'Home');
    await move(/^running/, 'End');
    expect(bridge.inputsOf('uploads:move')).toEqual([
      { ids: [paused.id], before: running.id },
      { ids: [paused.id], before: done.id },
      { ids: [failed.id], before: running.id },
      { ids: [running.id], before: null },
    ]);
  });

  test('stays when a move would change nothing or the upload is stored', async () => {
    const bridge = openWindow({ uploads });
    await move(/^running/, 'ArrowUp');
    await move(/^running/, 'Home');
    await move(/^last/, 'ArrowDown');
    await move(/^done/, 'ArrowUp');
    expect(bridge.inputsOf('uploads:move')).toEqual([]);
  });

  test('is changed by dragging a row onto another', async () => {
    const bridge = openWindow({ uploads });
    const target = await row(/^running/);
    await fireEvent.dragStart(await row(/^failed/));
    const over = createEvent.dragOver(target);
    Object.defineProperty(over, 'clientY', { value: -1 });
    await fireEvent(target, over);
    await fireEvent.drop(target);
    expect(bridge.inputsOf('uploads:move')).toEqual([{ ids: [failed.id], before: running.id }]);
    await fireEvent.drop(target);
    expect(bridge.inputsOf('uploads:move')).toHaveLength(1);
  });
});

describe('the keyboard', () => {
  const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

  test('moves between rows, opens details, pauses, and asks before it cancels', async () => {
    const bridge = openWindow({ uploads });
    const first = await row(/^running/);
    expect(first.tabIndex).toBe(0);
    expect((await row(/^paused/)).tabIndex).toBe(-1);
    first.focus();
    await press('ArrowDown');
    await waitFor(async () => {
      expect(document.activeElement).toBe(await row(/^paused/));
    });
    expect((await row(/^paused/)).getAttribute('aria-selected')).toBe('true');
    await press('p');
    expect(bridge.inputsOf('uploads:resume')).toEqual([{ which: [paused.id] }]);
    await press('Enter');
    expect(await screen.findByRole('complementary', { name: 'Details of paused.raw' })).toBeTruthy();
    await press('Delete');
    expect(await screen.findByRole('alertdialog', { name: 'Cancel the upload of paused.raw?' })).toBeTruthy();
    expect(bridge.inputsOf('uploads:cancel')).toEqual([]);
  });

  test('goes from a row to its buttons and back', async () => {
    openWindow({ uploads });
    const first = await row(/^running/);
    first.focus();
    await press('ArrowRight');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Pause');
    await press('ArrowLeft');
    expect(document.activeElement).toBe(first);
    await press('End');
    await waitFor(async () => {
      expect(document.activeElement).toBe(await row(/^last/));
    });
  });

  test('finds the search field with Ctrl-F', async () => {
    openWindow({ uploads });
    const search = await screen.findByLabelText('Search');
    await fireEvent.keyDown(document.body, { key: 'f', ctrlKey: true });
    expect(document.activeElement).toBe(search);
  });
});

test('details show the archive ID of a stored upload, copy it, and tell what happened', async () => {
  const bridge = openWindow({
    uploads,
    detail: (view) => ({
      ...sampleWorld().detail(view),
      events: [{ at: Date.UTC(2026, 10, 3), kind: 'completed', archiveId }],
    }),
  });
  await fireEvent.click(await row(/^done/));
  const details = await screen.findByRole('complementary', { name: 'Details of done.raw' });
  expect(within(details).getByText(archiveId)).toBeTruthy();
  expect(within(details).getByText('7 of 7 parts of 16 MiB acknowledged')).toBeTruthy();
  expect(await within(details).findByText('Amazon confirmed the tree hash; the archive is stored')).toBeTruthy();
  await fireEvent.click(within(details).getByRole('button', { name: 'Copy archive ID' }));
  expect(bridge.inputsOf('clipboard:copy')).toEqual([{ text: archiveId }]);
});

test('an account that needs the user is a banner, its uploads wait, and signing in again ends both', async () => {
  const problem = { kind: 'credentials-expired', detail: 'ExpiredTokenException' } as const;
  const bridge = openWindow({ uploads, accounts: [sampleAccount({ problem })] });
  expect((await screen.findByRole('alert')).textContent).toContain('The credentials have expired');
  expect(await row('running.raw, Waiting until you sign in again')).toBeTruthy();
  await fireEvent.click(await button('Sign in again'));
  await fireEvent.input(screen.getByLabelText('Secret access key'), { target: { value: 'new secret' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => {
    expect(screen.queryByRole('alert')).toBeNull();
  });
  expect(bridge.inputsOf('accounts:sign-in')).toMatchObject([{ keys: { secretAccessKey: 'new secret' } }]);
  expect(await row('running.raw, About to go on')).toBeTruthy();
});

test('uploads that a recovery has paused are resumed from the notice that tells of them', async () => {
  const restored = {
    kind: 'records-restored',
    journal: 'incomplete',
    ...{ damage: 'no database', damagedFile: null, backupFile: '/data/backup.db', backupAt: now },
    ...{ archivesAdded: 0, uploadsSettled: 0, uploadsPaused: 1 },
  } as const;
  const bridge = openWindow({ uploads, notices: [{ id: 7, at: now, ...restored }] });
  expect((await screen.findByRole('alert')).textContent).toContain(
    'so 1 upload is paused: its file may be stored already',
  );
  await fireEvent.click(await screen.findByRole('button', { name: 'Resume 1 paused upload' }));
  expect(bridge.inputsOf('uploads:resume')).toEqual([{ which: [paused.id] }]);
});

test('a drive that is mounted under another name is told, and one button goes on there', async () => {
  const notice = { kind: 'files-elsewhere', from: '/media/Card', to: '/media/Card 1' } as const;
  const bridge = openWindow({ uploads, notices: [{ id: -6, at: now, ...notice }] });
  expect((await screen.findByRole('alert')).textContent).toContain(
    'What was in /media/Card seems to be in /media/Card 1 now.',
  );
  await fireEvent.click(await screen.findByRole('button', { name: 'Go on there' }));
  expect(bridge.inputsOf('files:go-on-there')).toEqual([{}]);
  expect(await screen.findByText(/2 uploads and 3 archives have their files at the new place now/)).toBeTruthy();
});
