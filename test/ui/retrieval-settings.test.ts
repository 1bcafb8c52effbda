import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { FIRN_PRICES } from '../../shared/prices.ts';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import { fail, ok } from '../../shared/result.ts';
import { GiB } from '../../shared/units.ts';
import type { FakeBridge } from '../support/fake-bridge.ts';
import { openWindow } from '../support/open-window.ts';
import { accountId } from '../support/window-samples.ts';

async function openSettings(): Promise<FakeBridge> {
  const bridge = openWindow();
  await fireEvent.click(await screen.findByRole('button', { name: 'Settings' }));
  await screen.findByRole('heading', { name: 'Settings', level: 1 });
  return bridge;
}

const type = async (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('limits are kept one by one, an empty field is none, and nonsense is refused in words', async () => {
  const bridge = await openSettings();
  await type('GiB in 24 hours', '2,5');
  await type('US dollars in 30 days', '0');
  expect(screen.getByText('Type a number above 0, or nothing for no limit.')).toBeTruthy();
  await type('US dollars in 30 days', '12.50');
  await type('GiB in 24 hours', '');
  const day = { ...noRetrievalLimits, bytesPerDay: 2.5 * GiB };
  expect(bridge.inputsOf('settings:set')).toEqual([
    { retrievalLimits: day },
    { retrievalLimits: { ...day, costPerMonth: 12.5 } },
    { retrievalLimits: { ...noRetrievalLimits, costPerMonth: 12.5 } },
  ]);
});

test("an edited price makes the table the user's, with today's date, and Firn's own can be had back", async () => {
  const bridge = await openSettings();
  expect(screen.getByLabelText<HTMLSelectElement>('Region').value).toBe('eu-north-1');
  await type('Bulk, retrieval per GB', 'cheap');
  expect(screen.getByText('A price is a number, such as 0.01.')).toBeTruthy();
  await type('Bulk, retrieval per GB', '0.004');
  const own = FIRN_PRICES.regions['*'];
  await waitFor(() => {
    expect(bridge.world.settings.prices).toMatchObject({
      date: new Date().toISOString().slice(0, 10),
      regions: {
        ...FIRN_PRICES.regions,
        'eu-north-1': { ...own, retrievalPerGb: { ...own?.retrievalPerGb, Bulk: 0.004 } },
      },
    });
  });
  expect(await screen.findByText(/Edited by you/)).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: "Use Firn's own again" }));
  expect(bridge.inputsOf('settings:set').at(-1)).toEqual({ prices: null });
});

test('the data retrieval policy is asked for only on demand, and changed only after a question', async () => {
  const bridge = await openSettings();
  const card = screen.getByRole('region', { name: "Glacier's own retrieval limit" });
  expect(bridge.inputsOf('retrieval-policy:get')).toEqual([]);
  bridge.answer('retrieval-policy:get', () => fail({ kind: 'offline', detail: 'ENETUNREACH' }));
  await fireEvent.click(within(card).getByRole('button', { name: 'Look it up' }));
  expect((await within(card).findByRole('alert')).textContent).toContain('cannot be reached');
  bridge.answer('retrieval-policy:get', () => ok({ strategy: 'FreeTier' }));
  await fireEvent.click(within(card).getByRole('button', { name: 'Look it up' }));
  const select = await within(card).findByLabelText<HTMLSelectElement>('Data retrieval policy');
  expect(select.value).toBe('FreeTier');
  await fireEvent.change(select, { target: { value: 'BytesPerHour' } });
  await fireEvent.change(await within(card).findByLabelText('GiB in an hour'), { target: { value: '3' } });
  await fireEvent.click(within(card).getByRole('button', { name: 'Change the policy…' }));
  const question = await screen.findByRole('alertdialog');
  expect(question.textContent).toContain('counts for every program');
  expect(bridge.inputsOf('retrieval-policy:set')).toEqual([]);
  await fireEvent.click(within(question).getByRole('button', { name: 'Change the policy' }));
  await waitFor(() => {
    expect(within(card).queryByRole('button', { name: 'Change the policy…' })).toBeNull();
  });
  expect(bridge.inputsOf('retrieval-policy:set')).toEqual([
    { accountId, policy: { strategy: 'BytesPerHour', bytesPerHour: 3 * GiB } },
  ]);
});
