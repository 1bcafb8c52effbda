import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { noChecks } from '../../shared/local-check.ts';
import { MiB } from '../../shared/units.ts';
import type { FakeBridge } from '../support/fake-bridge.ts';
import { openWindow } from '../support/open-window.ts';
import { sampleArchive } from '../support/window-samples.ts';

const archives = [sampleArchive(2, { size: MiB }), sampleArchive(1, { size: MiB })];
const row = (id: number) => screen.findByRole('row', { name: new RegExp(`^archive-${id}\\.raw`) });
const button = (name: string) => screen.findByRole('button', { name });

async function openCatalogue(world: Parameters<typeof openWindow>[0] = {}): Promise<FakeBridge> {
  const bridge = openWindow({ archives, ...world });
  await fireEvent.click(await button('Catalogue'));
  return bridge;
}

describe('the local file of an archive', () => {
  test('is checked from its details, which then say what was found and whether it may go', async () => {
    const bridge = await openCatalogue();
    await fireEvent.click(await row(2));
    const details = await screen.findByRole('complementary', { name: 'Details of archive-2.raw' });
    expect(await within(details).findByText(/it was not checked against the archive yet/)).toBeTruthy();
    await fireEvent.click(await within(details).findByRole('button', { name: 'Check against local file' }));
    expect(bridge.inputsOf('checks:ask')).toEqual([{ choice: { kind: 'ids', ids: [2] } }]);
    const waiting = await within(details).findByRole<HTMLButtonElement>('button', { name: 'Being checked…' });
    expect(waiting.disabled).toBe(true);

    const treeHash = archives[0]?.treeHash ?? ('' as never);
    const file = { size: MiB, modifiedNs: '1', fileId: '1:1' };
    const check = { checkedAt: 0, outcome: { kind: 'same', treeHash, file } as const };
    bridge.world.checks[2] = { check, waiting: false, safety: { kind: 'safe', listedAt: 1 } };
    bridge.emit('checks:changed', { waiting: { count: 0, bytes: 0 }, current: null, found: { ...noChecks, same: 1 } });
    expect(await within(details).findByText(/^The local file is the same as the archive/)).toBeTruthy();
    expect(await within(details).findByText(/^Safe to delete the local copy/)).toBeTruthy();
  });

  test('is no longer called safe to delete as soon as its archive is to be deleted', async () => {
    const bridge = await openCatalogue({
      checks: { 2: { check: null, waiting: false, safety: { kind: 'safe', listedAt: 1 } } },
    });
    await fireEvent.click(await row(2));
    expect(await screen.findByText(/^Safe to delete the local copy/)).toBeTruthy();
    bridge.world.checks[2] = { check: null, waiting: false, safety: { kind: 'being-deleted' } };
    bridge.world.doomed = [2];
    bridge.emit('archives:changed', { total: 2 });
    expect(await screen.findByText(/^Keep the local copy: the archive is being deleted/)).toBeTruthy();
    expect(screen.queryByText(/^Safe to delete the local copy/)).toBeNull();
  });

  test('of each chosen archive is checked, and it is told how far that is and what came of it', async () => {
    const bridge = await openCatalogue();
    await row(2);
    await fireEvent.click(await button('Select all'));
    await fireEvent.click(await button('Check local files'));
    expect(bridge.inputsOf('checks:ask')).toMatchObject([{ choice: { kind: 'matching', text: '', except: [] } }]);
    const current = { path: '/photos/archive-2.raw', size: MiB, hashed: MiB / 2 };
    bridge.emit('checks:changed', { waiting: { count: 2, bytes: 2 * MiB }, current, found: noChecks });
    const words = '2 archives to check against local files, 2 MiB · archive-2.raw, 512 KiB of 1 MiB';
    expect(await screen.findByText(words)).toBeTruthy();
    await fireEvent.click(await button('Stop'));
    expect(bridge.inputsOf('checks:cancel')).toEqual([{}]);
    const found = { ...noChecks, same: 1, missing: 1 };
    bridge.emit('checks:changed', { waiting: { count: 0, bytes: 0 }, current: null, found });
    expect(await screen.findByText(/^Checked 2 archives: 1 the same, 1 missing\./)).toBeTruthy();
    await fireEvent.click(await button('Dismiss'));
    await waitFor(() => {
      expect(screen.queryByText(/^Checked 2 archives/)).toBeNull();
    });
  });

  test('that main is checking already is told from the beginning', async () => {
    const waiting = { count: 5, bytes: 5 * MiB };
    await openCatalogue({ checkProgress: { waiting, current: null, found: noChecks } });
    expect(await screen.findByText('5 archives to check against local files, 5 MiB')).toBeTruthy();
  });
});
