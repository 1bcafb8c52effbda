import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../shared/result.ts';
import { DAY, GiB, MiB } from '../../shared/units.ts';
import type { Vault } from '../../shared/vault.ts';
import type { FakeBridge } from '../support/fake-bridge.ts';
import { openWindow } from '../support/open-window.ts';
import { accountId, sampleArchive, sampleChore, sampleDeletion, sampleEmptying } from '../support/window-samples.ts';

const archives = [3, 2, 1].map((id) => sampleArchive(id, { size: MiB }));
const photos: Vault = {
  name: 'photos',
  arn: 'arn:photos',
  createdAt: Date.UTC(2020, 0, 5, 12),
  inventoryAt: Date.UTC(2026, 10, 2, 12),
  archives: 12,
  size: 3 * GiB,
};

const row = (id: number) => screen.findByRole('row', { name: new RegExp(`^archive-${id}\\.raw`) });
const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });
const type = async (label: RegExp, value: string) => {
  await fireEvent.input(await screen.findByLabelText(label), { target: { value } });
};

async function openView(view: string, world: Parameters<typeof openWindow>[0]): Promise<FakeBridge> {
  const bridge = openWindow(world);
  await fireEvent.click(await button(view));
  return bridge;
}

/** Asks for the deletion of all that the catalogue has. */
async function deleteAll(world: Parameters<typeof openWindow>[0] = {}): Promise<FakeBridge> {
  const bridge = await openView('Catalogue', { archives, ...world });
  await row(3);
  await fireEvent.click(await button('Select all'));
  await fireEvent.click(await button('Delete…'));
  return bridge;
}

describe('archives are deleted from the catalogue', () => {
  test('a single one by its name and one button, as long as its file is on this computer', async () => {
    const bridge = await openView('Catalogue', { archives, deletion: sampleDeletion({ bytes: MiB }) });
    await fireEvent.click(await row(2));
    const details = await screen.findByRole('complementary', { name: 'Details of archive-2.raw' });
    await fireEvent.click(within(details).getByRole('button', { name: 'Delete…' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete archive-2.raw, 1 MiB?' });
    expect(await within(dialog).findByText(/will be deleted from Glacier\. Nobody can bring it back/)).toBeTruthy();
    expect(within(dialog).getByText(/A file of the same size and date is on this computer/)).toBeTruthy();
    expect(within(dialog).queryByRole('textbox')).toBeNull();
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Delete for good' }));
    expect(await screen.findByText('1 archive is being deleted.')).toBeTruthy();
    const choice = { kind: 'ids', ids: [2] };
    expect(bridge.inputsOf('deletion:preview')).toEqual([{ choice }]);
    expect(bridge.inputsOf('deletion:start')).toEqual([{ token: 'token of 1' }]);
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(screen.queryByRole('complementary')).toBeNull();
  });

  test('that may be the only copy only by typing the name of its vault', async () => {
    const copies = { looked: 1, there: 0, missing: 1, changed: 0, unknown: 0, without: ['/photos/archive-3.raw'] };
    const bridge = await deleteAll({ deletion: sampleDeletion({ copies }) });
    const dialog = await screen.findByRole('alertdialog');
    const list = await within(dialog).findByRole('region', { name: 'May be the only copy' });
    expect(list.textContent).toMatch(/1 archive that may be the only copy.*archive-3\.raw/);
    const remove = await button('Delete for good');
    expect(remove.disabled).toBe(true);
    await type(/^Type the vault’s name/, 'wedings');
    expect(await within(dialog).findByText('That is not “weddings-2026”.')).toBeTruthy();
    expect(remove.disabled).toBe(true);
    await type(/^Type the vault’s name/, ' weddings-2026');
    expect(remove.disabled).toBe(false);
    await fireEvent.click(remove);
    await screen.findByText('1 archive is being deleted.');
    expect(bridge.inputsOf('deletion:start')).toEqual([{ token: 'token of 1' }]);
  });

  test('that are many only by typing their number, after what they cost and what is on its way', async () => {
    const vaults = [
      { accountId, vault: 'photos', count: 1000, bytes: GiB },
      { accountId, vault: 'office', count: 248, bytes: GiB },
    ];
    const young = { count: 40, bytes: GiB, until: Date.UTC(2027, 1, 3) };
    const copies = { looked: 1000, there: 1000, missing: 0, changed: 0, unknown: 0, without: [] };
    await deleteAll({
      deletion: sampleDeletion({ count: 1248, bytes: 2 * GiB, vaults, young, copies, retrievals: 2 }),
    });
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete 1,248 archives, 2 GiB?' });
    const list = await within(dialog).findByRole('list', { name: 'Vaults' });
    expect(list.textContent).toMatch(/photos\s*1,000 archives, 1 GiB.*office\s*248 archives, 1 GiB/);
    expect(dialog.textContent).toMatch(/40 archives, 1 GiB, are younger than 90 days.*early deletion fee.*2027-02-03/);
    expect(dialog.textContent).toMatch(/2 retrievals of these archives are not over/);
    const field = within(dialog).getByLabelText(/^Type the number of archives to confirm: 1,248/);
    expect(document.activeElement).toBe(field);
    await type(/^Type the number/, '12');
    expect(screen.queryByText(/^That is not/)).toBeNull();
    await type(/^Type the number/, '1248');
    expect((await button('Delete for good')).disabled).toBe(false);
  });

  test('not when the catalogue has changed since: what would be lost is looked at again', async () => {
    const bridge = await deleteAll();
    bridge.answer('deletion:start', () => fail({ kind: 'choice-changed', detail: 'The catalogue has changed since.' }));
    const dialog = await screen.findByRole('alertdialog');
    await within(dialog).findByText(/Nobody can bring it back/);
    await fireEvent.click(await button('Delete for good'));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('The catalogue has changed since.');
    bridge.world.deletion = sampleDeletion({ count: 2, bytes: 2 * MiB });
    await fireEvent.click(await button('Look again'));
    expect(await screen.findByRole('alertdialog', { name: 'Delete 2 archives, 2 MiB?' })).toBeTruthy();
    bridge.answer('deletion:start', () => ok([]));
    await type(/^Type the number/, '2');
    await fireEvent.click(await button('Delete for good'));
    expect(await screen.findByText('2 archives are being deleted.')).toBeTruthy();
    expect(bridge.inputsOf('deletion:start').map(({ token }) => token)).toEqual(['token of 1', 'token of 2']);
  });

  test('by the Delete key: what is chosen, or the row that the keys are on; keeping changes nothing', async () => {
    const bridge = await openView('Catalogue', { archives });
    (await row(2)).focus();
    await fireEvent.keyDown(await row(2), { key: 'Delete' });
    await screen.findByRole('alertdialog', { name: /^Delete archive-2\.raw/ });
    await fireEvent.click(await button('Keep'));
    await waitFor(() => {
      expect(screen.queryByRole('alertdialog')).toBeNull();
    });
    await fireEvent.keyDown(await row(2), { key: 'a', ctrlKey: true });
    await screen.findByText('3 archives, 3 MiB selected');
    await fireEvent.keyDown(await row(2), { key: 'Delete' });
    await screen.findByRole('alertdialog');
    expect(bridge.inputsOf('deletion:preview').map(({ choice }) => choice.kind)).toEqual(['ids', 'matching']);
    expect(bridge.inputsOf('deletion:start')).toEqual([]);
  });
});

describe('the archive that is looked at', () => {
  test('stays the same while others are deleted or stored above it, and is left when it is gone itself', async () => {
    const bridge = await openView('Catalogue', { archives });
    await fireEvent.click(await row(2));
    await screen.findByRole('complementary', { name: 'Details of archive-2.raw' });
    bridge.world.archives = [sampleArchive(4, { size: MiB }), ...archives];
    bridge.emit('archives:changed', { total: 4 });
    await row(4);
    expect(screen.getByRole('complementary', { name: 'Details of archive-2.raw' })).toBeTruthy();
    bridge.world.archives = archives.filter(({ id }) => id < 3);
    bridge.emit('archives:changed', { total: 2 });
    await waitFor(() => {
      expect(screen.queryByRole('row', { name: /^archive-3/ })).toBeNull();
    });
    expect(screen.getByRole('complementary', { name: 'Details of archive-2.raw' })).toBeTruthy();
    bridge.world.archives = archives.filter(({ id }) => id < 2);
    bridge.emit('archives:changed', { total: 1 });
    await waitFor(() => {
      expect(screen.queryByRole('complementary')).toBeNull();
    });
  });

  test('says so when it is being deleted already, and is not offered for it again', async () => {
    const bridge = await openView('Catalogue', { archives, doomed: [2] });
    await screen.findByRole('row', { name: /^archive-2\.raw, .* Being deleted$/ });
    expect((await row(2)).textContent).toContain('Being deleted');
    expect((await row(1)).textContent).not.toContain('Being deleted');
    await fireEvent.click(await row(2));
    const details = within(await screen.findByRole('complementary', { name: 'Details of archive-2.raw' }));
    expect(details.getByText(/^This archive is being deleted/)).toBeTruthy();
    expect(details.queryByRole('button', { name: 'Delete…' })).toBeNull();
    bridge.world.doomed = [];
    bridge.emit('archives:changed', { total: 3 });
    expect(await details.findByRole('button', { name: 'Delete…' })).toBeTruthy();
  });

  test('is told of above the list while it is being deleted', async () => {
    const bridge = await openView('Catalogue', { archives });
    await row(3);
    bridge.changeChores([sampleChore({ total: 3, deleted: 1 })]);
    expect(await screen.findByText(/^Deleting 3 archives from weddings-2026 · Deleting: 1 of 3 deleted$/)).toBeTruthy();
    await fireEvent.click(await button('Show'));
    expect(await screen.findByRole('heading', { name: 'Deletions', level: 1 })).toBeTruthy();
    expect(await screen.findByRole('complementary', { name: /^Details of Deleting 3 archives/ })).toBeTruthy();
  });
});

describe('a vault is emptied', () => {
  const waiting = sampleChore({
    kind: 'emptying',
    vault: 'photos',
    phase: 'confirming',
    closes: true,
    total: 12,
    deleted: 12,
  });

  test('and deleted, after what that means and by typing its name; the vault says how far it is, and goes', async () => {
    const emptying = sampleEmptying({ vault: 'photos', openUploads: 2 });
    const bridge = await openView('Vaults', { vaults: [photos], emptying });
    await fireEvent.click(await button('Empty and delete photos'));
    const dialog = await screen.findByRole('alertdialog', { name: 'Empty and delete the vault photos?' });
    expect(await within(dialog).findByText(/All of them will be deleted, also those of other programs/)).toBeTruthy();
    expect(dialog.textContent).toMatch(/a day or two after the last deletion, Firn deletes the vault/);
    expect(dialog.textContent).toMatch(/At Amazon\s*12 archives, 3 GiB, as of 24 Nov 2026/);
    expect(dialog.textContent).toMatch(/Open uploads\s*2 multipart uploads/);
    const start = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Empty and delete' });
    expect(start.disabled).toBe(true);
    await type(/^Type the vault’s name/, 'photos');
    await fireEvent.click(start);
    expect(await screen.findByText('The vault "photos" is being emptied.')).toBeTruthy();
    expect(bridge.inputsOf('emptying:start')).toEqual([{ accountId, vault: 'photos', closes: true, until: 5 }]);

    bridge.changeChores([waiting]);
    expect(await screen.findByText('Being emptied and deleted')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Empty photos' })).toBeNull();
    await fireEvent.click(await button('Show how photos is emptied'));
    await screen.findByRole('complementary', { name: 'Details of Emptying and closing photos' });
    await fireEvent.click(await button('Vaults'));
    bridge.world.vaults = [];
    bridge.changeChores([{ ...waiting, phase: 'done', endedAt: waiting.addedAt + DAY }]);
    expect(await screen.findByText('No vault yet')).toBeTruthy();
  });

  test('not while Firn’s own queue puts files into it', async () => {
    await openView('Vaults', { vaults: [photos], emptying: sampleEmptying({ vault: 'photos', queued: 3 }) });
    await fireEvent.click(await button('Empty photos'));
    const dialog = await screen.findByRole('alertdialog', { name: 'Empty the vault photos?' });
    expect(await within(dialog).findByText(/3 uploads of Firn’s own queue are on the way/)).toBeTruthy();
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Empty' }).disabled).toBe(true);
  });

  test('only when Glacier tells what is in it', async () => {
    const bridge = openWindow({ vaults: [photos] }, (one) => {
      one.answer('emptying:preview', () => fail({ kind: 'offline', detail: 'ENETUNREACH' }));
    });
    await fireEvent.click(await button('Vaults'));
    await fireEvent.click(await button('Empty photos'));
    expect((await screen.findByRole('alert')).textContent).toContain('The service cannot be reached');
    bridge.answer('emptying:preview', () => ok(sampleEmptying({ vault: 'photos' })));
    await fireEvent.click(await button('Look again'));
    expect(await screen.findByLabelText(/^Type the vault’s name to confirm: photos/)).toBeTruthy();
  });
});
