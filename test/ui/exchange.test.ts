import { everyArchive } from '../../shared/archive.ts';
import { fireEvent, screen, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { AccountId } from '../../shared/account.ts';
import type { FoundCopy } from '../../shared/catalogue-copy.ts';
import { fail, ok } from '../../shared/result.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { Vault } from '../../shared/vault.ts';
import { openWindow } from '../support/open-window.ts';
import { accountId, sampleArchive, sampleWorld } from '../support/window-samples.ts';

const vault: Vault = {
  name: 'photos',
  arn: 'arn:photos',
  createdAt: Date.UTC(2020, 0, 5, 12),
  inventoryAt: null,
  archives: 0,
  size: 0,
};

const everything = { kind: 'matching', ...everyArchive, except: [] };

const button = (name: string) => screen.findByRole<HTMLButtonElement>('button', { name });

async function goTo(view: string): Promise<void> {
  const navigation = await screen.findByRole('navigation', { name: 'Main' });
  await fireEvent.click(within(navigation).getByRole('button', { name: view }));
  await screen.findByRole('heading', { name: view, level: 1 });
}

async function open(name: 'Export…' | 'Import…'): Promise<void> {
  await goTo('Catalogue');
  await fireEvent.click(await button(name));
}

describe('an export', () => {
  test('is of what is searched for, in the chosen format, and tells how much it was', async () => {
    const bridge = openWindow({ archives: [sampleArchive(1)] });
    await open('Export…');
    await fireEvent.click(await screen.findByLabelText(/Record to print/));
    await fireEvent.click(await button('Choose where…'));
    expect(await screen.findByText(/^Exported 1 archive/)).toBeTruthy();
    expect(bridge.inputsOf('catalogue:export')).toEqual([{ choice: everything, format: 'html' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('is of the selected archives alone when it is asked for beside them', async () => {
    const bridge = openWindow({ archives: [sampleArchive(1), sampleArchive(2), sampleArchive(3)] });
    await goTo('Catalogue');
    for (const id of [3, 1]) {
      await fireEvent.click(await screen.findByRole('row', { name: new RegExp(`^archive-${id}\\.raw`) }), {
        ctrlKey: true,
      });
    }
    await fireEvent.click(await button('Export selected…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Export the selected archives' }));
    expect(dialog.getByText(/The selected\s+2 archives/)).toBeTruthy();
    await fireEvent.click(dialog.getByLabelText(/Data/));
    await fireEvent.click(dialog.getByRole('button', { name: 'Choose where…' }));
    expect(await screen.findByText(/^Exported /)).toBeTruthy();
    expect(bridge.inputsOf('catalogue:export')).toEqual([{ choice: { kind: 'ids', ids: [3, 1] }, format: 'json' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('stays open when the user thinks better of it, and when it fails', async () => {
    const bridge = openWindow({ archives: [sampleArchive(1)] });
    bridge.answer('catalogue:export', () => ok(null));
    await open('Export…');
    await fireEvent.click(await button('Choose where…'));
    expect(await screen.findByRole('dialog')).toBeTruthy();
    bridge.answer('catalogue:export', () => fail({ kind: 'disk-full', path: '/a.csv' }));
    await fireEvent.click(await button('Choose where…'));
    expect(await screen.findByText(/no room left/)).toBeTruthy();
  });
});

describe('an import', () => {
  test('tells what came of it, and each line that was left out', async () => {
    const problems = [{ line: 7, reason: 'it has no archive ID' }];
    openWindow({
      imported: {
        added: 12,
        completed: 1,
        alreadyThere: 0,
        deleted: 0,
        problemCount: 1,
        windows1252: 0,
        countedBy: 'line' as const,
        problems,
      },
    });
    await open('Import…');
    await fireEvent.click(await button('Choose a file…'));
    expect(await screen.findByText('Added 12 archives; 1 got what they lacked; 1 line left out.')).toBeTruthy();
    expect(screen.getByText('Line 7: it has no archive ID.')).toBeTruthy();
    await fireEvent.click(await button('Done'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('of a file that does not say whose archives it lists says so, and goes on once a vault is chosen', async () => {
    const bridge = openWindow({ vaults: [vault] });
    bridge.answer('catalogue:import', ({ home }) =>
      home
        ? ok(bridge.world.imported)
        : fail({ kind: 'invalid-input', detail: 'Choose the account and the vault first.' }),
    );
    await open('Import…');
    await fireEvent.click(await button('Choose a file…'));
    expect(await screen.findByText(/Choose the account and the vault first/)).toBeTruthy();
    const select = within(screen.getByRole('dialog')).getByLabelText<HTMLSelectElement>('Whose archives they are');
    await within(select).findByText('photos');
    await fireEvent.change(select, { target: { value: '0' } });
    await fireEvent.click(await button('Choose a file…'));
    expect(await screen.findByText(/^Added 2 archives/)).toBeTruthy();
    expect(bridge.inputsOf('catalogue:import').at(-1)).toEqual({ home: { accountId, vault: 'photos' } });
  });
});

describe('the catalogue in a vault', () => {
  test('is switched on by choosing a vault, made at once on request, and switched off again', async () => {
    const bridge = openWindow({ vaults: [vault] });
    await goTo('Settings');
    await fireEvent.click(await screen.findByRole('switch', { name: 'Archive the catalogue itself' }));
    expect(bridge.inputsOf('settings:set')).toEqual([]);
    expect((await button('Archive it now')).disabled).toBe(true);
    const select = screen.getByLabelText<HTMLSelectElement>('Into the vault');
    await within(select).findByText('photos');
    await fireEvent.change(select, { target: { value: '0' } });
    expect(bridge.inputsOf('settings:set')).toEqual([{ catalogueCopy: { accountId, vault: 'photos' } }]);
    await fireEvent.click(await button('Archive it now'));
    expect(await screen.findByText('A copy of the catalogue is on its way.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('switch', { name: 'Archive the catalogue itself' }));
    expect(bridge.inputsOf('settings:set').at(-1)).toEqual({ catalogueCopy: null });
  });
});

test('the setting of copies names what is missing, and asks for another vault', async () => {
  const gone = 'fade0000-0000-4000-8000-000000000009' as AccountId;
  openWindow({
    vaults: [vault],
    settings: { ...sampleWorld().settings, catalogueCopy: { accountId: gone, vault: 'kept' } },
  });
  await goTo('Settings');
  expect(await screen.findByText(/^The account of the vault "kept" has been removed from Firn/)).toBeTruthy();
  expect((await button('Archive it now')).disabled).toBe(true);
  const select = screen.getByLabelText<HTMLSelectElement>('Into the vault');
  await within(select).findByText('photos');
  await fireEvent.change(select, { target: { value: '0' } });
  expect(screen.queryByText(/has been removed from Firn/)).toBeNull();
});

test('the setting of copies names a vault that its account has no more', async () => {
  openWindow({ vaults: [vault], settings: { ...sampleWorld().settings, catalogueCopy: { accountId, vault: 'kept' } } });
  await goTo('Settings');
  expect(await screen.findByText('The account has no vault "kept" any more. Choose another one.')).toBeTruthy();
});

test('that copies are not made is told with a way to the setting', async () => {
  const failure = { kind: 'account-removed', number: '111122223333' } as const;
  openWindow({ notices: [{ id: -5, at: 0, kind: 'catalogue-not-archived', vault: 'kept', failure }] });
  expect(await screen.findByText(/^No copy of the catalogue goes into the vault "kept" any more/)).toBeTruthy();
  const main = screen.getByText(/^No copy of the catalogue goes/).closest('main') ?? document.body;
  const ways = within(main).getAllByRole('button', { name: 'Settings' });
  await fireEvent.click(ways.at(-1) ?? main);
  expect(await screen.findByText('Archive the catalogue itself')).toBeTruthy();
});

describe('a copy of the catalogue that an inventory found', () => {
  const found: FoundCopy = {
    id: 7,
    accountId,
    vault: 'photos',
    archiveId: 'a'.repeat(138) as ArchiveId,
    madeAt: Date.UTC(2026, 10, 20, 12),
    size: 1_200_000,
    state: { kind: 'offered' },
  };

  test('is offered first of all, and comes back when the user wants it', async () => {
    const bridge = openWindow({ copies: [found] });
    expect(
      await screen.findByText(/^The vault "photos" holds a copy of the catalogue of 20 November 2026/),
    ).toBeTruthy();
    expect(screen.getByText(/1\.14 MiB, usually 3 to 5 hours/)).toBeTruthy();
    await fireEvent.click(await button('Bring it back'));
    expect(bridge.inputsOf('copies:bring-back')).toEqual([{ id: 7 }]);
    expect(screen.queryByText(/copy of the catalogue/)).toBeNull();
    const imported = {
      added: 12,
      completed: 3,
      alreadyThere: 0,
      deleted: 0,
      problemCount: 0,
      windows1252: 0,
      countedBy: 'line' as const,
      problems: [],
    };
    bridge.changeCopies([{ ...found, state: { kind: 'back', imported } }]);
    expect(await screen.findByText('Added 12 archives; 3 got what they lacked.')).toBeTruthy();
    await fireEvent.click(await button('Dismiss'));
    expect(screen.queryByText(/copy of the catalogue/)).toBeNull();
  });

  test('says why it could not come, and is tried again', async () => {
    const failure = { kind: 'invalid-input', detail: 'The archive is no copy of a catalogue.' } as const;
    const bridge = openWindow({ copies: [{ ...found, state: { kind: 'failed', failure } }] });
    expect(await screen.findByText(/The archive is no copy of a catalogue/)).toBeTruthy();
    await fireEvent.click(await button('Try again'));
    expect(bridge.inputsOf('copies:bring-back')).toEqual([{ id: 7 }]);
  });

  test('is not spoken of again when the user does not want it', async () => {
    const bridge = openWindow({ copies: [found] });
    await fireEvent.click(await button('Not now'));
    expect(bridge.inputsOf('copies:dismiss')).toEqual([{ id: 7 }]);
    expect(screen.queryByText(/copy of the catalogue/)).toBeNull();
  });
});
