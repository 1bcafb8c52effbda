import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../shared/result.ts';
import { GiB, MiB } from '../../shared/units.ts';
import type { Vault } from '../../shared/vault.ts';
import { openWindow } from '../support/open-window.ts';
import { accountId, sampleAccount, sampleArchive, sampleWorld } from '../support/window-samples.ts';

const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });
const inNavigation = async (name: string) =>
  within(await screen.findByRole('navigation', { name: 'Main' })).getByRole('button', { name });

async function goTo(view: string): Promise<void> {
  await fireEvent.click(await inNavigation(view));
  await screen.findByRole('heading', { name: view, level: 1 });
}

const counted: Vault = {
  name: 'office',
  arn: 'arn:office',
  createdAt: Date.UTC(2020, 0, 5, 12),
  inventoryAt: Date.UTC(2026, 10, 2, 12),
  archives: 4115,
  size: 812 * GiB,
};

test('the navigation says where one is', async () => {
  openWindow();
  expect((await inNavigation('Queue')).getAttribute('aria-current')).toBe('page');
  await goTo('Settings');
  expect((await inNavigation('Settings')).getAttribute('aria-current')).toBe('page');
  expect((await inNavigation('Queue')).getAttribute('aria-current')).toBeNull();
});

describe('vaults', () => {
  test('show their figures with the date of the inventory they are from', async () => {
    openWindow({ vaults: [counted, { ...counted, name: 'new', inventoryAt: null, archives: 0, size: 0 }] });
    await goTo('Vaults');
    const [, first, second] = within(await screen.findByRole('table', { name: 'Vaults' })).getAllByRole('row');
    expect(first?.textContent).toMatch(/office.*4,115.*812 GiB.*As of 2 Nov 2026/);
    expect(second?.textContent).toMatch(/new.*None yet/);
  });

  test('are created with a good name only', async () => {
    const bridge = openWindow({ vaults: [] });
    await goTo('Vaults');
    expect(await screen.findByText('No vault yet')).toBeTruthy();
    const field = screen.getByLabelText('Vault name');
    await fireEvent.input(field, { target: { value: 'two words' } });
    await fireEvent.click(await button('Create vault'));
    expect(screen.getByText('A vault name cannot have spaces. Use “-” instead.')).toBeTruthy();
    expect(bridge.inputsOf('vaults:create')).toEqual([]);
    await fireEvent.input(field, { target: { value: 'office' } });
    await fireEvent.click(await button('Create vault'));
    expect(await within(await screen.findByRole('table', { name: 'Vaults' })).findByText('office')).toBeTruthy();
    expect(bridge.inputsOf('vaults:create')).toEqual([{ accountId, name: 'office' }]);
  });

  test('that cannot be created say why, and the name stays', async () => {
    const bridge = openWindow();
    bridge.answer('vaults:create', () => fail({ kind: 'closed-account' }));
    await goTo('Vaults');
    await fireEvent.input(screen.getByLabelText('Vault name'), { target: { value: 'office' } });
    await fireEvent.click(await button('Create vault'));
    expect((await screen.findByRole('alert')).textContent).toContain('Amazon no longer offers vaults to this account.');
    expect(screen.getByLabelText<HTMLInputElement>('Vault name').value).toBe('office');
  });
});

describe('the catalogue', () => {
  const archives = Array.from({ length: 1000 }, (_, index) => sampleArchive(index, { size: MiB }));

  test('reads only the page that is on the screen', async () => {
    const bridge = openWindow({ archives });
    await goTo('Catalogue');
    expect(await screen.findByText('1,000 archives · 1000 MiB')).toBeTruthy();
    expect(await screen.findByRole('row', { name: 'archive-0.raw, 1 MiB, in weddings-2026, Confirmed' })).toBeTruthy();
    expect(screen.getAllByRole('row').length).toBeLessThan(40);
    expect(new Set(bridge.inputsOf('archives:search').map(({ offset }) => offset))).toEqual(new Set([0]));
  });

  test('is searched once typing rests', async () => {
    const bridge = openWindow({ archives });
    await goTo('Catalogue');
    const before = bridge.inputsOf('archives:search').length;
    const field = screen.getByLabelText('Search');
    for (const value of ['a', 'ar', 'archive-7 ']) await fireEvent.input(field, { target: { value } });
    expect(await screen.findByText('111 archives found · 111 MiB')).toBeTruthy();
    expect(
      bridge
        .inputsOf('archives:search')
        .slice(before)
        .map(({ text }) => text),
    ).toEqual(['archive-7']);
  });

  test('an answer to an earlier search is not shown', async () => {
    const bridge = openWindow({ archives });
    await goTo('Catalogue');
    let late: () => void = () => undefined;
    bridge.answer('archives:search', ({ text }) =>
      text === 'slow'
        ? new Promise(
            (resolve) =>
              (late = () => {
                resolve(ok({ total: 5, totalBytes: 5, items: [], doomed: [] }));
              }),
          )
        : ok({ total: 1, totalBytes: MiB, items: archives.slice(0, 1), doomed: [] }),
    );
    await fireEvent.input(screen.getByLabelText('Search'), { target: { value: 'slow' } });
    await waitFor(() => {
      expect(bridge.inputsOf('archives:search').at(-1)?.text).toBe('slow');
    });
    await fireEvent.input(screen.getByLabelText('Search'), { target: { value: 'quick' } });
    expect(await screen.findByText('1 archive found · 1 MiB')).toBeTruthy();
    late();
    await new Promise((resolve) => setTimeout(resolve));
    expect(screen.getByText('1 archive found · 1 MiB')).toBeTruthy();
  });

  test('shows new archives by itself', async () => {
    const bridge = openWindow({ archives: archives.slice(0, 1) });
    await goTo('Catalogue');
    expect(await screen.findByText('1 archive · 1 MiB')).toBeTruthy();
    bridge.world.archives = archives.slice(0, 2);
    bridge.emit('archives:changed', { total: 2 });
    expect(await screen.findByText('2 archives · 2 MiB')).toBeTruthy();
  });

  test('what is looked at stays where it is when archives come above it', async () => {
    const many = Array.from({ length: 60 }, (_, n) => sampleArchive(n + 1));
    const bridge = openWindow({ archives: many });
    await goTo('Catalogue');
    const grid = await screen.findByRole('grid', { name: 'Archives' });
    grid.scrollTop = 1200;
    await fireEvent.scroll(grid);
    bridge.world.archives = [sampleArchive(62), sampleArchive(61), ...many];
    bridge.emit('archives:changed', { total: 62 });
    await waitFor(() => {
      expect(grid.scrollTop).toBe(1200 + 2 * 60);
    });
  });

  test('the keyboard reaches a list that is scrolled away from its beginning', async () => {
    openWindow({ archives: Array.from({ length: 60 }, (_, n) => sampleArchive(n + 1)) });
    await goTo('Catalogue');
    const grid = await screen.findByRole('grid', { name: 'Archives' });
    grid.scrollTop = 1800;
    await fireEvent.scroll(grid);
    const reachable = within(grid)
      .getAllByRole('row')
      .filter(({ tabIndex }) => tabIndex === 0);
    expect(reachable.map((row) => row.getAttribute('aria-rowindex'))).toEqual(['31']);
  });

  test('details have the archive ID to copy, and foreign descriptions are text', async () => {
    const description = '<script>alert(1)</script>\n';
    const bridge = openWindow({ archives: [sampleArchive(1, { path: null, modifiedAt: null, description })] });
    await goTo('Catalogue');
    await fireEvent.click(await screen.findByRole('row', { name: /^<script>/ }));
    const details = await screen.findByRole('complementary');
    expect(within(details).getAllByText('<script>alert(1)</script>\\u000a').length).toBeGreaterThan(0);
    expect(details.querySelector('script')).toBeNull();
    await fireEvent.click(within(details).getByRole('button', { name: 'Copy archive ID' }));
    expect(bridge.inputsOf('clipboard:copy')).toEqual([{ text: sampleArchive(1).archiveId }]);
  });

  test('says what to do while it is empty, and when nothing is found', async () => {
    openWindow({ archives: archives.slice(0, 1) });
    await goTo('Catalogue');
    await fireEvent.input(screen.getByLabelText('Search'), { target: { value: 'nothing like it' } });
    expect(await screen.findByText('No archive found')).toBeTruthy();
    await fireEvent.click(await button('Show all archives'));
    expect(await screen.findByRole('row', { name: /archive-0/ })).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Search').value).toBe('');
  });
});

describe('settings', () => {
  test('are changed one by one and shown as main keeps them', async () => {
    const bridge = openWindow();
    await goTo('Settings');
    await fireEvent.change(screen.getByLabelText('Parts at the same time'), { target: { value: '99' } });
    await fireEvent.change(screen.getByLabelText('Default part size'), { target: { value: String(64 * MiB) } });
    await fireEvent.click(screen.getByRole('radio', { name: 'Dark' }));
    expect(bridge.inputsOf('settings:set')).toEqual([{ parallelParts: 32 }, { partSize: 64 * MiB }, { theme: 'dark' }]);
    await waitFor(() => {
      expect(document.documentElement.dataset['theme']).toBe('dark');
    });
  });

  test('limit the rate and the hours', async () => {
    const bridge = openWindow();
    await goTo('Settings');
    await fireEvent.click(screen.getByRole('switch', { name: 'Limit the upload rate' }));
    const rate = await screen.findByLabelText<HTMLInputElement>('At most');
    await fireEvent.change(rate, { target: { value: 'much' } });
    expect(rate.getAttribute('aria-invalid')).toBe('true');
    await fireEvent.change(rate, { target: { value: '0,5' } });
    await fireEvent.click(screen.getByRole('switch', { name: 'Upload at certain hours' }));
    await fireEvent.change(await screen.findByLabelText('From'), { target: { value: '23:30' } });
    await fireEvent.click(screen.getByRole('radio', { name: 'Upload slowly' }));
    const nights = { from: 22 * 60, to: 6 * 60, outside: 'paused' };
    expect(bridge.inputsOf('settings:set')).toEqual([
      { bytesPerSecond: 2 * MiB },
      { bytesPerSecond: MiB / 2 },
      { schedule: nights },
      { schedule: { ...nights, from: 23 * 60 + 30 } },
      { schedule: { ...nights, from: 23 * 60 + 30, outside: 2 * MiB } },
    ]);
  });

  test('say what the processor is used for now, and why', async () => {
    const bridge = openWindow();
    await goTo('Settings');
    expect(await screen.findByText('Plugged in now. Full speed: every core may hash and send.')).toBeTruthy();
    bridge.emit('power:changed', { onBattery: true });
    expect(await screen.findByText(/^On battery now. Gentle: one core/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('radio', { name: 'Full speed' }));
    expect(await screen.findByText('Full speed: every core may hash and send.')).toBeTruthy();
    expect(bridge.inputsOf('settings:set')).toEqual([{ cpuUse: 'full' }]);
  });

  test('an account is removed only after a question that says what is kept', async () => {
    const bridge = openWindow({
      accounts: [sampleAccount(), sampleAccount({ id: 'other' as typeof accountId, name: 'Other' })],
    });
    await goTo('Settings');
    const [remove] = screen.getAllByRole('button', { name: 'Remove' });
    if (remove) await fireEvent.click(remove);
    const question = await screen.findByRole('alertdialog', { name: 'Remove Studio Nord?' });
    expect(question.textContent).toContain('the catalogue keeps their archive IDs');
    await fireEvent.click(within(question).getByRole('button', { name: 'Remove account' }));
    expect(bridge.inputsOf('accounts:remove')).toEqual([{ id: accountId }]);
    await waitFor(() => {
      expect(screen.queryByText('Studio Nord')).toBeNull();
    });
  });

  test('before an account is removed whose vault takes copies of the catalogue, that is said', async () => {
    openWindow({ settings: { ...sampleWorld().settings, catalogueCopy: { accountId, vault: 'photos' } } });
    await goTo('Settings');
    await fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
    const question = await screen.findByRole('alertdialog', { name: 'Remove Studio Nord?' });
    expect(question.textContent).toContain('weekly copies of the catalogue go into its vault "photos"');
  });

  test('an account is checked, and what to mend is said', async () => {
    const bridge = openWindow();
    bridge.answer('accounts:check-up', () =>
      ok({
        findings: [
          { subject: 'Clock', status: 'ok', words: 'It agrees with the service.', remedy: null },
          {
            subject: 'Permissions',
            status: 'problem',
            words: 'InitiateMultipartUpload is denied.',
            remedy: 'Allow it.',
          },
        ],
        policy: '{"Version":"2012-10-17"}',
      }),
    );
    await goTo('Settings');
    await fireEvent.click(await button('Check-up'));
    const dialog = await screen.findByRole('dialog', { name: 'Check-up of Studio Nord' });
    const [permissions, clock] = await within(dialog).findAllByRole('listitem');
    expect(clock?.textContent).toContain('Clock Fine');
    expect(permissions?.textContent).toMatch(/Permissions Problem.*denied.*Allow it/);
    expect(within(dialog).getByText('1 thing to mend.')).toBeTruthy();
    await fireEvent.click(within(dialog).getByRole('button', { name: /^Copy/ }));
    expect(bridge.inputsOf('clipboard:copy')).toEqual([{ text: '{"Version":"2012-10-17"}' }]);
  });

  test('an account is checked for the vaults that are chosen', async () => {
    const bridge = openWindow({ vaults: [counted, { ...counted, name: 'photos' }] });
    bridge.answer('accounts:check-up', ({ vaults }) => ok({ findings: [], policy: `for ${vaults.join(' and ')}` }));
    await goTo('Settings');
    await fireEvent.click(await button('Check-up'));
    const dialog = await screen.findByRole('dialog', { name: 'Check-up of Studio Nord' });
    for (const name of ['photos', 'office']) await fireEvent.click(await within(dialog).findByLabelText(name));
    expect(await within(dialog).findByText('for photos and office')).toBeTruthy();
    await fireEvent.click(within(dialog).getByLabelText('photos'));
    expect(await within(dialog).findByText('for office')).toBeTruthy();
  });

  test('show the version and the data folder', async () => {
    openWindow();
    await goTo('Settings');
    expect(screen.getByText('Version 0.1.0')).toBeTruthy();
    expect(screen.getByText('/home/ida/.config/Firn')).toBeTruthy();
  });
});

test('a command that fails without a place of its own is a notice that stays', async () => {
  const bridge = openWindow({ archives: [sampleArchive(1)] });
  bridge.answer('settings:set', () => fail({ kind: 'disk-full', path: '/data' }));
  await goTo('Settings');
  await fireEvent.click(screen.getByRole('radio', { name: 'Dark' }));
  expect((await screen.findByRole('log')).textContent).toContain('There is no room left on the disk');
  await fireEvent.click(await button('Dismiss'));
  expect(screen.getByRole('log').textContent.trim()).toBe('');
});

test('archives that are missing from a vault are told, with a way to them in the catalogue', async () => {
  const missing = { kind: 'archives-missing', accountId, vault: 'photos', archives: 2000, inventoryAt: 1 } as const;
  const bridge = openWindow({ archives: [sampleArchive(1)], notices: [{ id: 7, at: 0, ...missing }] });
  expect((await screen.findByRole('alert')).textContent).toContain(
    '2,000 archives that Firn knows are not in the vault',
  );
  await fireEvent.click(await button('Show them'));
  await waitFor(() => {
    expect(bridge.inputsOf('archives:search').at(-1)).toMatchObject({
      ...{ text: '', accountIds: [accountId], vault: 'photos', standing: 'missing' },
    });
  });
  expect(screen.getByRole('alert')).toBeTruthy();
});

test('what happened to the records is told until it is dismissed', async () => {
  const damage = 'database disk image is malformed';
  const bridge = openWindow({
    notices: [{ id: 7, at: 0, kind: 'records-rebuilt', damage, damagedFile: '/data/damaged.db', archives: 12 }],
  });
  expect((await screen.findByRole('alert')).textContent).toContain('The damaged file is kept: /data/damaged.db.');
  await fireEvent.click(await button('Dismiss'));
  expect(bridge.inputsOf('notices:dismiss')).toEqual([{ id: 7 }]);
  expect(screen.queryByRole('alert')).toBeNull();
});
