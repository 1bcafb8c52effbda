import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Result, fail, ok } from '../../shared/result.ts';
import { HOUR, MINUTE } from '../../shared/units.ts';
import { cachedCredentials } from '../../main/aws/credentials/credential-cache.ts';
import { credentialFailure } from '../../main/aws/credentials/credential-failure.ts';
import type { Credentials } from '../../main/aws/credentials/credential-provider.ts';
import {
  environmentCredentials,
  fixedCredentials,
  profileCredentials,
} from '../../main/aws/credentials/credentials.ts';
import { listProfiles } from '../../main/glacier/profiles.ts';
import { parseProxy } from '../../main/aws/proxies/proxy.ts';
import { testCertificate } from '../support/certificate.ts';
import { httpsServer, proxyServer } from '../support/https-server.ts';
import { scriptedServer } from '../support/scripted-server.ts';

const variables = [
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_ENDPOINT_URL_STS',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
] as const;
let folder = '';
let before: (string | undefined)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-aws-'));
  before = variables.map((name) => process.env[name]);
  for (const name of variables) Reflect.deleteProperty(process.env, name);
  process.env['AWS_CONFIG_FILE'] = join(folder, 'config');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder, 'credentials');
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
});
afterEach(() => {
  for (const [index, name] of variables.entries()) {
    const value = before[index];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true });
});

describe('a profile', () => {
  test('with keys gives them, and new ones after the file was changed', async () => {
    writeFileSync(join(folder, 'credentials'), '[work]\naws_access_key_id = AKID1\naws_secret_access_key = secret1\n');
    const provider = profileCredentials('work');
    const keys = { accessKeyId: 'AKID1', secretAccessKey: 'secret1', sessionToken: null, expiresAt: null };
    expect(await provider.get()).toEqual(ok(keys));
    writeFileSync(
      join(folder, 'credentials'),
      '[work]\naws_access_key_id = AKID2\naws_secret_access_key = secret2\naws_session_token = T\n',
    );
    expect(await provider.refresh()).toEqual(
      ok({ ...keys, accessKeyId: 'AKID2', secretAccessKey: 'secret2', sessionToken: 'T' }),
    );
  });

  test('with a process gives what the process says', async () => {
    const answer = {
      Version: 1,
      AccessKeyId: 'AKID',
      SecretAccessKey: 'secret',
      SessionToken: 'T',
      Expiration: '2100-01-01T00:00:00Z',
    };
    writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer));
    writeFileSync(
      join(folder, 'config'),
      `[profile tool]\ncredential_process = cat "${join(folder, 'answer.json')}"\n`,
    );
    const credentials = {
      accessKeyId: 'AKID',
      secretAccessKey: 'secret',
      sessionToken: 'T',
      expiresAt: Date.UTC(2100, 0),
    };
    expect(await profileCredentials('tool').get()).toEqual(ok(credentials));
  });

  test('whose session is over says so', async () => {
    const answer = { Version: 1, AccessKeyId: 'AKID', SecretAccessKey: 'secret', Expiration: '2001-01-01T00:00:00Z' };
    writeFileSync(join(folder, 'answer.json'), JSON.stringify(answer));
    writeFileSync(
      join(folder, 'config'),
      `[profile tool]\ncredential_process = cat "${join(folder, 'answer.json')}"\n`,
    );
    expect(await profileCredentials('tool').get()).toMatchObject({ failure: { kind: 'credentials-expired' } });
  });

  test('of SSO without a sign-in says what to do', async () => {
    const lines = [
      'sso_start_url = https://nobody.example/start',
      'sso_region = us-east-1',
      'sso_account_id = 111122223333',
      'sso_role_name = Owner',
    ];
    writeFileSync(join(folder, 'config'), `[profile office]\n${lines.join('\n')}\n`);
    expect(await profileCredentials('office').get()).toMatchObject({
      failure: { kind: 'sign-in-ended', profile: 'office', tool: 'sso' },
    });
  });

  test('that assumes a role does so by the proxy and with the certificates of its route', async () => {
    const answer = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    const service = await httpsServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/xml' }).end(answer),
    );
    const proxy = await proxyServer();
    process.env['AWS_ENDPOINT_URL_STS'] = service.url;
    writeFileSync(
      join(folder, 'config'),
      '[profile role]\nrole_arn = arn:aws:iam::111122223333:role/firn\nsource_profile = base\nregion = us-east-1\n',
    );
    writeFileSync(join(folder, 'credentials'), '[base]\naws_access_key_id = AKID\naws_secret_access_key = secret\n');
    const certificate = join(folder, 'company.pem');
    writeFileSync(certificate, testCertificate.cert);
    const route = (proxyUrl: string, caFiles: string[]) => ({
      routeTo: () => ({ ways: [parseProxy(proxyUrl)], caFiles }),
    });
    expect(await profileCredentials('role', route(proxy.url, [certificate])).get()).toEqual(
      ok({
        accessKeyId: 'ASIAROLE',
        secretAccessKey: 'secret',
        sessionToken: 'token',
        expiresAt: Date.UTC(2099, 0, 1),
      }),
    );
    expect(proxy.tunnels.map(({ target }) => target)).toEqual([service.url.slice('https://'.length)]);
    expect(await profileCredentials('role', route(proxy.url, [])).get()).toMatchObject({
      failure: { kind: 'offline', detail: expect.stringContaining('not signed by an authority') as string },
    });
    expect(await profileCredentials('role', route('gopher://127.0.0.1:1', [])).get()).toMatchObject({
      failure: { kind: 'offline', detail: expect.stringContaining('cannot use') as string },
    });
    expect(await profileCredentials('role', route(proxy.url, [join(folder, 'nothing.pem')])).get()).toMatchObject({
      failure: { kind: 'offline', detail: expect.stringContaining('nothing.pem') as string },
    });
  });

  test('that does not exist is missing', async () => {
    expect(await profileCredentials('nobody').get()).toMatchObject({ failure: { kind: 'credentials-missing' } });
  });
});

test('profiles are listed by name with their regions, from both files', async () => {
  writeFileSync(
    join(folder, 'config'),
    '[default]\nregion = eu-central-1\n[profile work]\nregion = us-west-2\n[sso-session corp]\nsso_region = us-east-1\n',
  );
  writeFileSync(join(folder, 'credentials'), '[work]\naws_access_key_id = A\n[home]\naws_access_key_id = B\n');
  expect(await listProfiles()).toEqual([
    { profile: 'default', region: 'eu-central-1', endpointUrl: null, usesFips: false },
    { profile: 'home', region: null, endpointUrl: null, usesFips: false },
    { profile: 'work', region: 'us-west-2', endpointUrl: null, usesFips: false },
  ]);
  rmSync(join(folder, 'config'));
  rmSync(join(folder, 'credentials'));
  expect(await listProfiles()).toEqual([]);
});

test('profiles say which service is theirs: their section for Glacier, then their own, unless they ignore both', async () => {
  const config = `
[profile all]
endpoint_url = https://all.example
[profile named]
endpoint_url = https://all.example
services = studio
[profile others]
endpoint_url = https://all.example
services = buckets
[profile ignoring]
services = studio
ignore_configured_endpoint_urls = true
[profile strict]
use_fips_endpoint = True
[services studio]
s3 =
  endpoint_url = https://buckets.example
glacier =
  endpoint_url = https://vaults.example
[services buckets]
s3 =
  endpoint_url = https://buckets.example
`;
  writeFileSync(join(folder, 'config'), config);
  expect((await listProfiles()).map(({ profile, endpointUrl, usesFips }) => [profile, endpointUrl, usesFips])).toEqual([
    ['all', 'https://all.example', false],
    ['ignoring', null, false],
    ['named', 'https://vaults.example', false],
    ['others', 'https://all.example', false],
    ['strict', null, true],
  ]);
});

describe('the environment', () => {
  test('gives its keys, which cannot be renewed', async () => {
    const provider = environmentCredentials({
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'T',
    });
    expect(await provider.get()).toEqual(
      ok({ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'T', expiresAt: null }),
    );
    expect(await provider.refresh()).toMatchObject({ failure: { kind: 'credentials-expired' } });
  });

  test('without keys falls back to the default profile, and says when there is nothing', async () => {
    expect(await environmentCredentials({}).get()).toMatchObject({ failure: { kind: 'credentials-missing' } });
    writeFileSync(join(folder, 'credentials'), '[default]\naws_access_key_id = AKID\naws_secret_access_key = secret\n');
    expect(await environmentCredentials({}).get()).toMatchObject({ value: { accessKeyId: 'AKID' } });
  });
});

test('a computer whose metadata service never answers is not waited for', async () => {
  const silent = await scriptedServer();
  Reflect.deleteProperty(process.env, 'AWS_EC2_METADATA_DISABLED');
  process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = silent.url;
  expect(await environmentCredentials({}).get()).toMatchObject({ failure: { kind: 'credentials-missing' } });
  expect(silent.received.length).toBeGreaterThan(0);
});

describe('kept credentials', () => {
  const credentials = (accessKeyId: string, expiresAt: number | null): Result<Credentials> =>
    ok({ accessKeyId, secretAccessKey: 's', sessionToken: null, expiresAt });

  test('are fetched anew five minutes before they run out', async () => {
    let now = 0;
    let fetched = 0;
    const provider = cachedCredentials(
      () => Promise.resolve(credentials(`A${(fetched += 1)}`, now + HOUR)),
      () => now,
    );
    const key = async () => (await provider.get()).ok && fetched;
    expect(await key()).toBe(1);
    now = HOUR - 5 * MINUTE - 1;
    expect(await key()).toBe(1);
    now = HOUR - 5 * MINUTE;
    expect(await key()).toBe(2);
  });

  test('are fetched once for all who wait', async () => {
    let fetched = 0;
    const provider = cachedCredentials(() => Promise.resolve(credentials(`A${(fetched += 1)}`, null)));
    await Promise.all([provider.get(), provider.get(), provider.refresh()]);
    expect(fetched).toBe(1);
  });

  test('are not fetched again when others have replaced the expired ones already', async () => {
    let fetched = 0;
    const provider = cachedCredentials(() => Promise.resolve(credentials(`A${(fetched += 1)}`, null)));
    const first = await provider.get();
    if (!first.ok) throw new Error('no credentials');
    expect(await provider.refresh(first.value)).toMatchObject({ value: { accessKeyId: 'A2' } });
    expect(await provider.refresh(first.value)).toMatchObject({ value: { accessKeyId: 'A2' } });
    expect(fetched).toBe(2);
  });

  test('are used to their end when the source does not answer', async () => {
    let now = 0;
    const offline = fail({ kind: 'offline' as const, detail: 'no network' });
    const answers = [credentials('A', HOUR), offline, offline];
    const provider = cachedCredentials(
      () => Promise.resolve(answers.shift() ?? offline),
      () => now,
    );
    await provider.get();
    now = HOUR - 1;
    expect(await provider.get()).toMatchObject({ value: { accessKeyId: 'A' } });
    now = HOUR;
    expect(await provider.get()).toEqual(offline);
  });

  test('are asked for again after a failure, and whoever stops waiting does not stop the others', async () => {
    const missing = fail({ kind: 'credentials-missing' as const, detail: 'none' });
    const answers: Result<Credentials>[] = [missing, credentials('A', null)];
    const provider = cachedCredentials(() => Promise.resolve(answers.shift() ?? missing));
    expect(await provider.get()).toEqual(missing);
    const controller = new AbortController();
    const stopped = provider.get(controller.signal);
    const other = provider.get();
    controller.abort(new Error('stop'));
    await expect(stopped).rejects.toThrow('stop');
    expect(await other).toMatchObject({ value: { accessKeyId: 'A' } });
  });
});

test('keys that the user gave stay what they are', async () => {
  const keys = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: null };
  expect(await fixedCredentials(keys).get()).toEqual(ok({ ...keys, expiresAt: null }));
});

test.each([
  [
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    'offline',
  ],
  [
    new Error('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }) }),
    'offline',
  ],
  [
    Object.assign(new Error('not allowed to assume the role'), {
      name: 'AccessDenied',
      $metadata: {},
      $fault: 'client',
    }),
    'credentials-rejected',
  ],
  [
    Object.assign(new Error('token'), { name: 'ExpiredTokenException', $metadata: {}, $fault: 'client' }),
    'credentials-expired',
  ],
  [Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open', path: '/x' }), 'credentials-missing'],
])('%s means %s', (error, kind) => {
  expect(credentialFailure(error, { profile: 'work' }).kind).toBe(kind);
});

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

/** A profile that assumes a role of that partition with the keys of another one. */
function writeRole(more = '', partition = 'aws'): void {
  const role = `role_arn = arn:${partition}:iam::111122223333:role/firn\nsource_profile = base\n${more}\n`;
  writeFileSync(join(folder, 'config'), `[profile role]\n${role}`);
  writeFileSync(join(folder, 'credentials'), '[base]\naws_access_key_id = AKID\naws_secret_access_key = s3cret\n');
}

/** A sign-in service that answers this to everybody; what it was sent, and how it is reached. */
async function signInService(status: number, body: string) {
  const sent: string[] = [];
  const service = await httpsServer((request, response) => {
    request.on('data', (piece: Buffer) => sent.push(piece.toString()));
    request.on('end', () => response.writeHead(status, { 'content-type': 'text/xml' }).end(body));
  });
  process.env['AWS_ENDPOINT_URL_STS'] = service.url;
  const certificate = join(folder, 'company.pem');
  writeFileSync(certificate, testCertificate.cert);
  return { sent, routeTo: () => ({ ways: [null], caFiles: [certificate] }) };
}

test.each([
  [503, 'ServiceUnavailable', 'service-error'],
  [400, 'Throttling', 'throttled'],
  [403, 'AccessDenied', 'credentials-rejected'],
  [403, 'InvalidClientTokenId', 'credentials-rejected'],
  [400, 'ExpiredTokenException', 'credentials-expired'],
])('a sign-in service that answers %i %s means %s, in words of Firn', async (status, code, kind) => {
  writeRole('region = us-east-1');
  const error = `<Error><Code>${code}</Code><Message>it said s3cret</Message></Error>`;
  const { routeTo } = await signInService(status, `<ErrorResponse>${error}</ErrorResponse>`);
  const answer = await profileCredentials('role', { routeTo }).get();
  expect(answer).toMatchObject({ failure: { kind } });
  expect(JSON.stringify(answer)).not.toContain('s3cret');
});

test('a role that asks for an MFA code gets the one that somebody typed, and says so where nobody can be asked', async () => {
  const device = 'arn:aws:iam::111122223333:mfa/photographer';
  writeRole(`region = us-east-1\nmfa_serial = ${device}`);
  const { routeTo, sent } = await signInService(200, assumed);
  const asked: string[] = [];
  const typing = (code: string | null) => (profile: string, serial: string) => {
    asked.push(`${profile} ${serial}`);
    return Promise.resolve(code);
  };
  const needed = { failure: { kind: 'mfa-code', profile: 'role' } };
  expect(await profileCredentials('role', { routeTo }).get()).toMatchObject(needed);
  expect(await profileCredentials('role', { routeTo, askForCode: typing(null) }).get()).toMatchObject(needed);
  expect(sent).toEqual([]);
  const answer = await profileCredentials('role', { routeTo, askForCode: typing('123456') }).get();
  expect(answer).toMatchObject({ value: { accessKeyId: 'ASIAROLE' } });
  expect(sent.join('')).toContain('TokenCode=123456');
  expect(asked).toEqual([`role ${device}`, `role ${device}`]);
});

test.each([
  ['cn-north-1', 'aws-cn', 'sts.cn-north-1.amazonaws.com.cn:443'],
  ['us-gov-west-1', 'aws-us-gov', 'sts.us-gov-west-1.amazonaws.com:443'],
  ['eu-central-1', 'aws', 'sts.eu-central-1.amazonaws.com:443'],
])('a role for vaults in %s is asked for in %s', async (region, partition, host) => {
  writeRole('', partition);
  const proxy = await proxyServer({ status: 403 });
  const routeTo = () => ({ ways: [parseProxy(proxy.url)], caFiles: [] });
  expect(await profileCredentials('role', { region, routeTo }).get()).toMatchObject({ failure: { kind: 'offline' } });
  expect(proxy.tunnels[0]?.target).toBe(host);
});

test('no secret in the command line or the output of a credential_process goes out', async () => {
  const command = 'sh -c "echo s3cret >&2; exit 1" --password s3cret';
  writeFileSync(join(folder, 'config'), `[profile tool]\ncredential_process = ${command}\n`);
  const detail = 'the credential_process of the profile tool gave none';
  expect(await profileCredentials('tool').get()).toEqual(fail({ kind: 'credentials-missing', detail }));
});
