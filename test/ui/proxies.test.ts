import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { fail, ok } from '../../shared/result.ts';
import { openWindow } from '../support/open-window.ts';
import { sampleAccount } from '../support/window-samples.ts';

const proxy = 'proxy.office:3128';
const problem = { kind: 'proxy-password', proxy, refused: false } as const;
const click = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const type = (label: string, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } });

test('the banner of a proxy that asks for a password leads to a dialog that asks until it is right', async () => {
  const bridge = openWindow({ accounts: [sampleAccount({ problem })] });
  bridge.answer('proxies:log-in', ({ password }) => {
    if (password === 'wrong ') return fail({ ...problem, refused: true });
    bridge.world.proxies = [{ proxy, kept: 'encrypted' }];
    return ok(null);
  });
  await click('Enter password');
  const dialog = await screen.findByRole('dialog', { name: 'Password for the proxy' });
  expect(dialog.textContent).toContain(`The proxy ${proxy} asks for a user name and a password.`);
  await click('Go on');
  expect(within(dialog).getByText('Type the user name for the proxy.')).toBeTruthy();
  expect(bridge.inputsOf('proxies:log-in')).toEqual([]);

  await type('User name', ' anna ');
  await type('Password', 'wrong ');
  await click('Go on');
  expect((await within(dialog).findByRole('alert')).textContent).toContain('does not accept the user name');
  expect(bridge.inputsOf('proxies:log-in')).toEqual([{ proxy, username: 'anna', password: 'wrong ', remember: true }]);

  await type('Password', 'right');
  await click('Go on');
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  await click('Settings');
  expect(await screen.findByText(proxy)).toBeTruthy();
  await click('Forget');
  await waitFor(() => {
    expect(screen.queryByText('Its password is kept encrypted.')).toBeNull();
  });
  expect(bridge.inputsOf('proxies:forget')).toEqual([{ proxy }]);
});

test('a new account that a proxy keeps from connecting leads to the same dialog', async () => {
  const bridge = openWindow({ accounts: [] });
  bridge.answer('accounts:add', () => fail(problem));
  await click('Connect an account');
  await type('Access key ID', 'AKIAEXAMPLE');
  await type('Secret access key', 'secret');
  await click('Connect');
  await click('Enter password');
  expect(await screen.findByRole('dialog', { name: 'Password for the proxy' })).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Access key ID').value).toBe('AKIAEXAMPLE');
});
