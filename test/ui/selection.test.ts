import { everyArchive } from '../../shared/archive.ts';
import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { fail } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { FakeBridge } from '../support/fake-bridge.ts';
import { openWindow } from '../support/open-window.ts';
import { sampleArchive } from '../support/window-samples.ts';

/** The newest first, as main tells them: archive-1000 is the first row. */
const archives = Array.from({ length: 1000 }, (_, index) => sampleArchive(1000 - index, { size: MiB }));

async function openCatalogue(): Promise<FakeBridge> {
  const bridge = openWindow({ archives });
  await fireEvent.click(await screen.findByRole('button', { name: 'Catalogue' }));
  await row(1000);
  return bridge;
}

const row = (id: number) => screen.findByRole('row', { name: new RegExp(`^archive-${id}\\.raw`) });
const chosen = () =>
  screen
    .queryAllByRole('row', { selected: true })
    .map((element) => Number(/archive-(\d+)/.exec(element.getAttribute('aria-label') ?? '')?.[1]));
const says = (words: string) => screen.findByText(words);
const press = async (key: string, held: KeyboardEventInit = {}) => {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key, ...held });
};

describe('archives are chosen', () => {
  test('with a click, which opens the details, or beside others with Ctrl', async () => {
    await openCatalogue();
    await fireEvent.click(await row(1000));
    expect(await says('1 archive, 1 MiB selected')).toBeTruthy();
    expect(screen.getByRole('complementary', { name: 'Details of archive-1000.raw' })).toBeTruthy();
    await fireEvent.click(await row(997), { ctrlKey: true });
    await fireEvent.click(await row(996), { metaKey: true });
    expect(await says('3 archives, 3 MiB selected')).toBeTruthy();
    await fireEvent.click(await row(997), { ctrlKey: true });
    expect(await says('2 archives, 2 MiB selected')).toBeTruthy();
    expect(chosen()).toEqual([1000, 996]);
    await fireEvent.click(await row(999));
    expect(await says('1 archive, 1 MiB selected')).toBeTruthy();
    expect(chosen()).toEqual([999]);
  });

  test('by the box in front of them, without a key and without opening anything', async () => {
    await openCatalogue();
    for (const id of [1000, 998]) {
      const box = (await row(id)).querySelector('[data-mark]');
      if (box) await fireEvent.click(box);
    }
    expect(await says('2 archives, 2 MiB selected')).toBeTruthy();
    expect(screen.queryByRole('complementary')).toBeNull();
  });

  test('as a range with Shift, which may grow and shrink, and leaves what was chosen beside it', async () => {
    await openCatalogue();
    await fireEvent.click(await row(1000));
    await fireEvent.click(await row(997), { ctrlKey: true });
    await fireEvent.click(await row(993), { shiftKey: true });
    await waitFor(() => {
      expect(chosen()).toEqual([1000, 997, 996, 995, 994, 993]);
    });
    await fireEvent.click(await row(995), { shiftKey: true });
    await waitFor(() => {
      expect(chosen()).toEqual([1000, 997, 996, 995]);
    });
  });

  test('by the keyboard alone: Space, Shift with arrows and End, Ctrl+A, Escape', async () => {
    await openCatalogue();
    (await row(1000)).focus();
    await press(' ');
    expect(await says('1 archive, 1 MiB selected')).toBeTruthy();
    await press('ArrowDown', { shiftKey: true });
    await press('ArrowDown', { shiftKey: true });
    expect(await says('3 archives, 3 MiB selected')).toBeTruthy();
    await press('End', { shiftKey: true });
    expect(await says('1,000 archives, 1000 MiB selected')).toBeTruthy();
    await press('Escape');
    expect(await screen.findByText(/^Select archives/)).toBeTruthy();
    await press('a', { ctrlKey: true });
    expect(await says('1,000 archives, 1000 MiB selected')).toBeTruthy();
    expect(screen.queryByRole('complementary')).toBeNull();
  });

  test('all at once without being listed, and then but for some', async () => {
    const bridge = await openCatalogue();
    const search = screen.getByLabelText('Search');
    await fireEvent.input(search, { target: { value: 'archive-99' } });
    expect(await says('11 archives found · 11 MiB')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Select all' }));
    expect(await says('11 archives, 11 MiB selected')).toBeTruthy();
    await fireEvent.click(await row(998), { ctrlKey: true });
    expect(await says('10 archives, 10 MiB selected')).toBeTruthy();
    expect(bridge.inputsOf('archives:sum').at(-1)).toEqual({
      choice: { kind: 'matching', ...everyArchive, text: 'archive-99', except: [998] },
    });
    await fireEvent.input(search, { target: { value: 'archive-98' } });
    expect(await screen.findByText(/^Select archives/)).toBeTruthy();
    expect(chosen()).toEqual([]);
  });
});

test('a screen reader hears that several can be chosen, which are, and how many', async () => {
  await openCatalogue();
  const grid = screen.getByRole('grid', { name: 'Archives' });
  expect(grid.getAttribute('aria-multiselectable')).toBe('true');
  expect((await row(1000)).getAttribute('aria-selected')).toBe('false');
  await fireEvent.click(within(grid).getByRole('row', { name: /^archive-1000/ }));
  await waitFor(() => {
    expect(screen.getAllByRole('status').map((one) => one.textContent.trim())).toContain('1 archive, 1 MiB selected');
  });
});

test('an archive that is gone is counted no longer, and the last one takes the bar with it', async () => {
  const bridge = await openCatalogue();
  await fireEvent.click(await row(1000));
  await fireEvent.click(await row(999), { ctrlKey: true });
  bridge.world.archives = archives.slice(1);
  bridge.emit('archives:changed', { total: 999 });
  expect(await says('1 archive, 1 MiB selected')).toBeTruthy();
  bridge.world.archives = archives.slice(2);
  bridge.emit('archives:changed', { total: 998 });
  expect(await screen.findByText(/^Select archives/)).toBeTruthy();
});

test('a range that is too long is refused in words, and what was chosen stays', async () => {
  const bridge = await openCatalogue();
  await fireEvent.click(await row(1000));
  bridge.answer('archives:between', () => fail({ kind: 'invalid-input', detail: 'Too many.' }));
  await fireEvent.click(await row(990), { shiftKey: true });
  expect(await says('Too many.')).toBeTruthy();
  expect(chosen()).toEqual([1000]);
});
