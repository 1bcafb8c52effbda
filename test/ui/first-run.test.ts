import { fireEvent, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { fail } from '../../shared/result.ts';
import { openWindow } from '../support/open-window.ts';
import { sampleWorld } from '../support/window-samples.ts';

const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });
const type = (label: string, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } });

test('the practice vault is one click away and leads to the queue', async () => {
  const bridge = openWindow({ accounts: [] });
  await fireEvent.click(await button('Try the practice vault'));
  expect(await screen.findByRole('heading', { name: 'Queue', level: 1 })).toBeTruthy();
  expect(bridge.inputsOf('accounts:add')).toEqual([{ kind: 'practice' }]);
});

test('what is missing from an access key is said beside the field, and nothing is sent', async () => {
  const bridge = openWindow({ accounts: [] });
  await fireEvent.click(await button('Connect an account'));
  await type('Access key ID', 'AKIAEXAMPLE');
  await fireEvent.click(await button('Connect'));
  const secret = screen.getByLabelText('Secret access key');
  expect(secret.getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByText('Type the secret access key that belongs to it.')).toBeTruthy();
  expect(screen.getByLabelText('Access key ID').getAttribute('aria-invalid')).toBe('false');
  expect(bridge.inputsOf('accounts:add')).toEqual([]);
});

test('when Amazon refuses, the form says why and keeps what was typed', async () => {
  const bridge = openWindow({ accounts: [] });
  bridge.answer('accounts:add', () => fail({ kind: 'credentials-rejected', detail: 'InvalidSignatureException' }));
  await fireEvent.click(await button('Connect an account'));
  await type('Access key ID', ' AKIAEXAMPLE ');
  await type('Secret access key', 'secret');
  await type('Endpoint', 'http://127.0.0.1:9000');
  await fireEvent.click(await button('Connect'));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Amazon does not accept these credentials (InvalidSignatureException).');
  expect(screen.getByLabelText<HTMLInputElement>('Secret access key').value).toBe('secret');
  expect(bridge.inputsOf('accounts:add')).toEqual([
    {
      kind: 'keys',
      name: 'My account',
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: null,
      remember: true,
      region: 'us-east-1',
      endpointUrl: 'http://127.0.0.1:9000',
    },
  ]);
});

test('without a keychain nothing is offered to be remembered, and the form says so', async () => {
  const bridge = openWindow({ accounts: [], info: { ...sampleWorld().info, secrets: 'session' } });
  await fireEvent.click(await button('Connect an account'));
  expect(screen.queryByRole('switch')).toBeNull();
  expect(screen.getByText(/the secret is never written to disk/)).toBeTruthy();
  await type('Access key ID', 'AKIAEXAMPLE');
  await type('Secret access key', 'secret');
  await fireEvent.click(await button('Connect'));
  expect(bridge.inputsOf('accounts:add')).toMatchObject([{ kind: 'keys', remember: false }]);
});

test('a profile brings its region along', async () => {
  const bridge = openWindow({
    accounts: [],
    profiles: [{ profile: 'studio', region: 'eu-north-1', endpointUrl: null, usesFips: false }],
  });
  await fireEvent.click(await button('Connect an account'));
  await fireEvent.click(screen.getByRole('radio', { name: 'AWS profile' }));
  await fireEvent.change(await screen.findByLabelText('Profile'), { target: { value: 'studio' } });
  await fireEvent.click(await button('Connect'));
  expect(bridge.inputsOf('accounts:add')).toEqual([
    { kind: 'profile', name: 'studio', profile: 'studio', region: 'eu-north-1', endpointUrl: null },
  ]);
});

test('records that cannot be read are explained, and can be tried again', async () => {
  const bridge = openWindow({ accounts: [] }, (unopened) => {
    unopened.answer('uploads:list', () => fail({ kind: 'database-newer', file: '/data/firn.db' }));
  });
  expect((await screen.findByRole('alert')).textContent).toContain('written by a newer Firn');
  bridge.answer('uploads:list', () => ({ ok: true, value: { version: 1, items: [], next: null } }));
  expect(bridge.starts).toBe(0);
  await fireEvent.click(await button('Try again'));
  expect(bridge.starts).toBe(1);
  expect(await button('Try the practice vault')).toBeTruthy();
});

test('a profile that names its service shows the address before anything goes there', async () => {
  const elsewhere = { profile: 'studio', region: 'eu-west-1', endpointUrl: 'https://vaults.example', usesFips: false };
  const bridge = openWindow({ accounts: [], profiles: [elsewhere] });
  await chooseProfile('studio');
  expect(screen.getByText('The profile says https://vaults.example; everything goes there.')).toBeTruthy();
  await fireEvent.click(await button('Connect'));
  expect(bridge.inputsOf('accounts:add')).toMatchObject([{ profile: 'studio', endpointUrl: 'https://vaults.example' }]);
});

test('a profile that wants FIPS gets it where Glacier has it, and nothing elsewhere', async () => {
  const strict = { profile: 'studio', region: 'eu-west-1', endpointUrl: null, usesFips: true };
  const bridge = openWindow({ accounts: [], profiles: [strict] });
  await chooseProfile('studio');
  await fireEvent.click(await button('Connect'));
  expect(screen.getByText(/Glacier has none in eu-west-1/)).toBeTruthy();
  expect(bridge.inputsOf('accounts:add')).toEqual([]);
  await fireEvent.change(screen.getByLabelText('Region'), { target: { value: 'us-west-2' } });
  await fireEvent.click(await button('Connect'));
  const endpointUrl = 'https://glacier-fips.us-west-2.amazonaws.com';
  expect(bridge.inputsOf('accounts:add')).toMatchObject([{ region: 'us-west-2', endpointUrl }]);
});

async function chooseProfile(name: string): Promise<void> {
  await fireEvent.click(await button('Connect an account'));
  await fireEvent.click(screen.getByRole('radio', { name: 'AWS profile' }));
  const select = await screen.findByLabelText('Profile');
  await screen.findByRole('option', { name: new RegExp(name) });
  await fireEvent.change(select, { target: { value: name } });
}
