import { fireEvent, screen, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { InventoryId, InventoryView } from '../../shared/inventory.ts';
import { GiB, HOUR, MiB, MINUTE } from '../../shared/units.ts';
import type { Vault } from '../../shared/vault.ts';
import { openWindow } from '../support/open-window.ts';
import { accountKey } from '../../shared/wait.ts';
import { accountId, sampleAccount, sampleArchive, sampleChore, treeHash } from '../support/window-samples.ts';

const office: Vault = {
  name: 'office',
  arn: 'arn:office',
  createdAt: Date.UTC(2020, 0, 5, 12),
  inventoryAt: Date.UTC(2026, 10, 2, 12),
  archives: 4115,
  size: 812 * GiB,
};

function inventory(changes: Partial<InventoryView> = {}): InventoryView {
  return {
    id: 'inventory-1' as InventoryId,
    accountId,
    vault: 'office',
    wantedAt: Date.UTC(2026, 10, 3, 12),
    phase: { kind: 'idle' },
    hold: null,
    waitKeys: [accountKey(accountId)],
    last: null,
    ...changes,
  };
}

async function goTo(view: string): Promise<void> {
  const navigation = within(await screen.findByRole('navigation', { name: 'Main' }));
  await fireEvent.click(navigation.getByRole('button', { name: view }));
  await screen.findByRole('heading', { name: view, level: 1 });
}

async function rowOf(vault: string): Promise<string> {
  const rows = within(await screen.findByRole('table', { name: 'Vaults' })).getAllByRole('row');
  return rows.find((row) => row.textContent.includes(vault))?.textContent ?? '';
}

test('a vault shows what Amazon counted beside what the catalogue has, and an inventory is taken of it', async () => {
  const archives = [1, 2].map((id) => sampleArchive(id, { vault: 'office', size: MiB }));
  const bridge = openWindow({ vaults: [office], archives });
  await goTo('Vaults');
  expect(await rowOf('office')).toMatch(/4,115 archives, 812 GiB.*2 archives, 2 MiB.*Not compared/);
  await fireEvent.click(await screen.findByRole('button', { name: 'Take inventory of office' }));
  expect(bridge.inputsOf('inventories:take')).toEqual([{ accountId, vaults: ['office'] }]);
});

test('how far an inventory is stands in words, and then what it found', async () => {
  const bridge = openWindow({ vaults: [office] });
  await goTo('Vaults');
  await screen.findByRole('table', { name: 'Vaults' });
  const failure = { kind: 'awaiting-job', usualMs: 5 * HOUR, lookInMs: MINUTE } as const;
  const hold = { kind: 'backoff', until: 0, attempt: 1, failure } as const;
  bridge.changeInventories([inventory({ phase: { kind: 'requested', jobId: 'j', askedAt: 1 }, hold })]);
  expect(await screen.findByText(/Glacier is preparing the data, which usually takes up to 5 h/)).toBeTruthy();
  bridge.changeInventories([
    inventory({
      phase: { kind: 'reconciling', jobId: 'j', askedAt: 1, inventoryAt: 1, archives: 200, reconciled: 50 },
    }),
  ]);
  const bar = await screen.findByRole('progressbar', { name: 'Inventory of office' });
  expect(bar.getAttribute('aria-valuetext')).toBe('Comparing with the catalogue: 25% of 200 archives');
  bridge.emit('inventories:progress', [{ id: 'inventory-1' as InventoryId, done: 150 }]);
  expect(await screen.findByText('Comparing with the catalogue: 75% of 200 archives')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel the inventory of office' }));
  expect(bridge.inputsOf('inventories:cancel')).toEqual([{ ids: ['inventory-1'] }]);
  const findings = {
    listed: 200,
    bytes: 5,
    confirmed: 197,
    added: 3,
    differing: 0,
    deleted: 0,
    unreadable: 0,
    missing: 1,
  };
  const last = { kind: 'reconciled', inventoryAt: Date.UTC(2026, 10, 2, 12), findings, endedAt: 9 } as const;
  bridge.changeInventories([inventory({ last })]);
  expect(await screen.findByText('197 confirmed, 3 new, 1 missing, 0 differing')).toBeTruthy();
});

test('what inventories wait for with others, as a service that is not reached, is said of each', async () => {
  const bridge = openWindow({
    vaults: [office],
    inventories: [inventory({ phase: { kind: 'wanted', requestedAt: null } })],
  });
  await goTo('Vaults');
  expect(await screen.findByText('Asking Glacier for an inventory')).toBeTruthy();
  const failure = { kind: 'offline', detail: 'cut off' } as const;
  bridge.changeWaits([{ key: accountKey(accountId), failure, since: 1, until: null, attempt: 1, triedBy: [] }]);
  expect(await screen.findByText(/^Trying again: /)).toBeTruthy();
  bridge.changeWaits([]);
  expect(await screen.findByText('Asking Glacier for an inventory')).toBeTruthy();
});

test('what needs the user says why, and is tried again', async () => {
  const failure = { kind: 'inventory-unreadable', detail: 'it is not the whole of an inventory' } as const;
  const phase = { kind: 'downloading', jobId: 'j', askedAt: 1, size: 10, received: 0 } as const;
  const bridge = openWindow({
    vaults: [office],
    inventories: [inventory({ phase, hold: { kind: 'failed', failure } })],
  });
  await goTo('Vaults');
  expect(await screen.findByText(/Needs you: The inventory cannot be read/)).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(bridge.inputsOf('inventories:resume')).toEqual([{ ids: ['inventory-1'] }]);
});

test('an archive says how it stands, and archives are found by it', async () => {
  const differs = { size: 7, treeHash };
  const archives = [
    sampleArchive(1, { listedAt: null }),
    sampleArchive(2, { missingAt: Date.UTC(2026, 10, 9, 12) }),
    sampleArchive(3, { differs }),
  ];
  const bridge = openWindow({ archives });
  await goTo('Catalogue');
  const rows = await screen.findAllByRole('row');
  expect(rows.map((row) => row.textContent).join('\n')).toMatch(
    /Awaiting inventory[^]*Missing from the vault[^]*Differs/,
  );
  await fireEvent.change(screen.getByLabelText('Standing'), { target: { value: 'missing' } });
  expect(await screen.findByText(/1 archive found/)).toBeTruthy();
  expect(bridge.inputsOf('archives:search').at(-1)).toMatchObject({ standing: 'missing' });
  await fireEvent.change(screen.getByLabelText('Standing'), { target: { value: 'confirmed' } });
  expect(await screen.findByText('No archive found')).toBeTruthy();
});

test('an empty catalogue is restored from the vaults that are chosen', async () => {
  const bridge = openWindow({ vaults: [office, { ...office, name: 'photos' }], archives: [] });
  await goTo('Catalogue');
  await fireEvent.click(await screen.findByRole('button', { name: 'Restore my catalogue…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Restore my catalogue' }));
  await fireEvent.click(await dialog.findByRole('checkbox', { name: /photos/ }));
  await fireEvent.click(dialog.getByRole('button', { name: 'Ask for 1 inventory' }));
  expect(bridge.inputsOf('inventories:take')).toEqual([{ accountId, vaults: ['office'] }]);
  expect(await screen.findByText('Glacier is asked for 1 inventory.')).toBeTruthy();
  expect(await screen.findByRole('heading', { name: 'Vaults', level: 1 })).toBeTruthy();
});

test('an inventory waits for the sign-in before anything else', async () => {
  const problem = { kind: 'credentials-expired', detail: 'ExpiredTokenException' } as const;
  const failure = { kind: 'awaiting-job', usualMs: 5 * HOUR, lookInMs: MINUTE } as const;
  const phase = { kind: 'requested', jobId: 'j', askedAt: 1 } as const;
  const hold = { kind: 'backoff', until: 0, attempt: 1, failure } as const;
  openWindow({ vaults: [office], accounts: [sampleAccount({ problem })], inventories: [inventory({ phase, hold })] });
  await goTo('Vaults');
  expect(await rowOf('office')).toContain('Waiting until you sign in again');
});

test('an inventory that an emptying waits for is not cancelled beside it', async () => {
  const phase = { kind: 'requested', jobId: 'j', askedAt: 1 } as const;
  const emptying = sampleChore({ kind: 'emptying', vault: 'office', phase: 'listing', closes: false });
  const bridge = openWindow({ vaults: [office], inventories: [inventory({ phase })], chores: [emptying] });
  await goTo('Vaults');
  expect(await rowOf('office')).toContain('The emptying of this vault needs it; cancel that in Deletions.');
  expect(screen.queryByRole('button', { name: 'Cancel the inventory of office' })).toBeNull();
  bridge.changeChores([{ ...emptying, phase: 'cancelled' }]);
  expect(await screen.findByRole('button', { name: 'Cancel the inventory of office' })).toBeTruthy();
});
