import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { AccountId } from '../../shared/account.ts';
import { fail, ok } from '../../shared/result.ts';
import { GiB, MiB } from '../../shared/units.ts';
import type { Vault } from '../../shared/vault.ts';
import { openWindow } from '../support/open-window.ts';
import { accountId, sampleAccount, sampleWorld } from '../support/window-samples.ts';

const vault = (name: string): Vault => ({ name, arn: name, createdAt: 0, inventoryAt: null, archives: 0, size: 0 });
const two = [vault('office'), vault('weddings')];
const { preview } = sampleWorld();
const choice = { selectionId: 'chosen', accountId, vault: 'office', partSize: null, again: false };

const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });
const choose = async (label: string, value: string) =>
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });

async function addFiles(): Promise<HTMLElement> {
  await fireEvent.click(await button('Add files…'));
  return screen.findByRole('dialog');
}

async function chooseVault(name: string): Promise<void> {
  await screen.findByRole('option', { name });
  await choose('Vault', name);
}

describe('before anything starts', () => {
  test('a preview says how many files, bytes, parts and requests it would be', async () => {
    const bridge = openWindow({
      vaults: two,
      preview: { ...preview, files: 1248, bytes: 63 * GiB, parts: 9120, requests: 11_616 },
    });
    const dialog = await addFiles();
    expect((await button('Start upload')).disabled).toBe(true);
    await chooseVault('office');
    for (const figure of ['1,248', '63 GiB', '9,120', '11,616'])
      expect(await within(dialog).findByText(figure)).toBeTruthy();
    expect(bridge.inputsOf('selection:preview')).toEqual([choice]);
    expect(bridge.inputsOf('uploads:enqueue')).toEqual([]);
  });

  test('another part size is asked for anew, and an answer that comes too late is not shown', async () => {
    const bridge = openWindow({ vaults: two });
    let late: () => void = () => undefined;
    bridge.answer('selection:preview', ({ partSize }) =>
      partSize === null
        ? new Promise(
            (resolve) =>
              (late = () => {
                resolve(ok({ ...preview, parts: 111 }));
              }),
          )
        : ok({ ...preview, parts: 222 }),
    );
    await addFiles();
    await chooseVault('office');
    await choose('Part size', String(64 * MiB));
    expect(await screen.findByText('222')).toBeTruthy();
    late();
    await new Promise((resolve) => setTimeout(resolve));
    expect(screen.queryByText('111')).toBeNull();
    expect(bridge.inputsOf('selection:preview')[1]).toEqual({ ...choice, partSize: 64 * MiB });
  });

  test('what people may not expect of their files is said before the start and after it', async () => {
    openWindow({ vaults: two, preview: { ...preview, beside: 2, instead: 1, placeholders: 3 } });
    await addFiles();
    await chooseVault('office');
    const notes = [
      /2 files differ in size or time from what waits/,
      /1 file changed after an earlier upload had begun/,
      /3 files have no bytes on this computer/,
    ];
    for (const note of notes) expect(await screen.findByText(note)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Start upload' }));
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).toBeNull();
    });
    for (const note of notes) expect(await screen.findByText(note)).toBeTruthy();
  });

  test('a file that is compared with its archive is shown, and closing the dialog stops that', async () => {
    const bridge = openWindow({ vaults: two });
    bridge.answer('selection:preview', () => new Promise(() => undefined));
    await addFiles();
    await chooseVault('office');
    await screen.findByText('Counting the files…');
    bridge.emit('adding:comparing', { path: '/photos/a.raw', size: 1 * GiB, hashed: 256 * MiB });
    expect(await screen.findByText(/^Comparing \/photos\/a\.raw with its archive: 256 MiB of 1/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(bridge.inputsOf('selection:stop')).toEqual([{ selectionId: 'chosen' }]);
  });

  test('what is left out is listed with the reason', async () => {
    const path = '/photos/empty.raw';
    const leftOut = [{ path, failure: { kind: 'file-empty', path } as const }];
    openWindow({ vaults: two, preview: { ...preview, leftOut, leftOutCount: 12 } });
    await addFiles();
    await chooseVault('office');
    const list = await screen.findByRole('region', { name: 'Left out' });
    expect(list.textContent).toContain('12 files are left out');
    expect(list.textContent).toContain('Glacier does not store empty archives');
    expect(list.textContent).toContain('and 11 more');
  });

  test('what is already there is left out unless it is asked for', async () => {
    const bridge = openWindow({ vaults: two, preview: { ...preview, files: 0, alreadyThere: 3 } });
    await addFiles();
    await chooseVault('office');
    expect(await screen.findByText(/3 files are already in this vault/)).toBeTruthy();
    expect((await button('Start upload')).disabled).toBe(true);
    bridge.world.preview = preview;
    await fireEvent.click(screen.getByRole('switch', { name: 'Upload again what is already there' }));
    await waitFor(async () => {
      expect((await button('Start upload')).disabled).toBe(false);
    });
    expect(bridge.inputsOf('selection:preview')[1]).toEqual({ ...choice, again: true });
  });

  test('a part size that does not fit is explained, and nothing can start', async () => {
    const bridge = openWindow({ vaults: two });
    bridge.answer('selection:preview', () =>
      fail({ kind: 'too-many-parts', size: 400 * GiB, partSize: 1 * MiB, smallestPartSize: 64 * MiB }),
    );
    const dialog = await addFiles();
    await chooseVault('office');
    expect((await within(dialog).findByRole('alert')).textContent).toContain('Choose parts of at least 64 MiB.');
    expect((await button('Start upload')).disabled).toBe(true);
  });
});

describe('starting', () => {
  test('queues what was chosen, closes the dialog and says so', async () => {
    const bridge = openWindow({ vaults: two });
    await addFiles();
    await chooseVault('office');
    await fireEvent.click(await button('Start upload'));
    expect(await screen.findByText('1 file added, 1 GiB.')).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(bridge.inputsOf('uploads:enqueue')).toEqual([choice]);
  });

  test('when it fails, the dialog stays and says why', async () => {
    const bridge = openWindow({ vaults: two });
    bridge.answer('uploads:enqueue', () => fail({ kind: 'disk-full', path: '/data/firn.db' }));
    const dialog = await addFiles();
    await chooseVault('office');
    await fireEvent.click(await button('Start upload'));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('There is no room left on the disk');
  });

  test('remembers the vault for the next time', async () => {
    openWindow({ vaults: two });
    await addFiles();
    await chooseVault('weddings');
    await fireEvent.click(await button('Start upload'));
    await addFiles();
    await waitFor(() => {
      expect(screen.getByLabelText<HTMLSelectElement>('Vault').value).toBe('weddings');
    });
  });

  test('cancelling queues nothing', async () => {
    const bridge = openWindow({ vaults: two });
    await addFiles();
    await chooseVault('office');
    await fireEvent.click(await button('Cancel'));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(bridge.inputsOf('uploads:enqueue')).toEqual([]);
  });
});

describe('where to', () => {
  test('the only vault is chosen by itself', async () => {
    const bridge = openWindow({ vaults: [vault('office')] });
    await addFiles();
    expect(await screen.findByText('Requests')).toBeTruthy();
    expect(bridge.inputsOf('selection:preview')).toEqual([choice]);
  });

  test('where there is no vault, one is created in place', async () => {
    const bridge = openWindow({ vaults: [] });
    const dialog = await addFiles();
    await fireEvent.input(await within(dialog).findByLabelText('Vault name'), { target: { value: 'office' } });
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Create vault' }));
    expect(await screen.findByText('Requests')).toBeTruthy();
    expect(bridge.inputsOf('vaults:create')).toEqual([{ accountId, name: 'office' }]);
  });

  test('another account has its own vaults', async () => {
    const other = '00000000-0000-4000-8000-000000000002' as AccountId;
    const bridge = openWindow({
      vaults: two,
      accounts: [sampleAccount(), sampleAccount({ id: other, name: 'Practice vault' })],
    });
    bridge.answer('vaults:list', (input) => ok(input.accountId === other ? [vault('practice')] : two));
    await addFiles();
    await choose('Account', other);
    expect(await screen.findByRole('option', { name: 'practice' })).toBeTruthy();
    expect(screen.queryByRole('option', { name: 'office' })).toBeNull();
  });

  test('when the vaults cannot be listed, it says why and can be tried again', async () => {
    const bridge = openWindow({ vaults: two });
    bridge.answer('vaults:list', () => fail({ kind: 'offline', detail: 'ECONNREFUSED' }));
    const dialog = await addFiles();
    expect((await within(dialog).findByRole('alert')).textContent).toContain('The service cannot be reached');
    bridge.answer('vaults:list', () => ok(two));
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Try again' }));
    expect(await within(dialog).findByRole('option', { name: 'office' })).toBeTruthy();
  });
});

describe('dragging files over the window', () => {
  const drag = (type: string, files: File[]) => {
    const event = new Event(type, { bubbles: true, cancelable: true });
    Object.assign(event, { relatedTarget: null, dataTransfer: { files, items: files.map(() => ({ kind: 'file' })) } });
    return fireEvent(window, event);
  };
  const files = [new File(['x'], 'a.raw'), new File(['y'], 'b.raw')];

  test('says what will happen, and dropping them opens the preview', async () => {
    const bridge = openWindow({ vaults: two });
    await button('Add files…');
    await drag('dragover', files);
    expect(screen.getByText('Drop to add 2 files and folders')).toBeTruthy();
    await drag('drop', files);
    expect(await screen.findByRole('dialog', { name: 'Add a.raw and 1 more' })).toBeTruthy();
    expect(screen.queryByText('Drop to add 2 files and folders')).toBeNull();
    expect(bridge.dropped).toEqual([files]);
  });

  test('goes when they leave the window', async () => {
    openWindow({ vaults: two });
    await button('Add files…');
    await drag('dragover', files);
    await drag('dragleave', files);
    expect(screen.queryByText(/^Drop to add/)).toBeNull();
  });

  test('takes nothing before there is an account', async () => {
    const bridge = openWindow({ accounts: [] });
    await button('Try the practice vault');
    await drag('dragover', files);
    expect(screen.getByText('One step first')).toBeTruthy();
    await drag('drop', files);
    expect(bridge.dropped).toEqual([]);
  });
});
