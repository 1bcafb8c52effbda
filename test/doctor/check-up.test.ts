import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../main/app/clock.ts';
import { openDestinations } from '../../main/places/destinations.ts';
import { checkUp } from '../../main/doctor/check-up.ts';
import { localFiles } from '../../main/files/local-files.ts';
import { PRACTICE_CREDENTIALS, readLedger } from '../../main/practice/server.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import type { Checkup } from '../../shared/checkup.ts';
import { MINUTE } from '../../shared/units.ts';
import { type FaultyOptions, startFaultyVault } from '../support/practice/faulty.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Ill = Partial<FaultyOptions> & { secretAccessKey?: string; url?: string; region?: string; vaults?: string[] };

async function examine({ secretAccessKey, url, region = 'us-east-1', vaults = [], ...options }: Ill) {
  const folder = temporaryFolder();
  const practice = await startFaultyVault({ folder: join(folder, 'practice'), ...options });
  const keys = {
    ...PRACTICE_CREDENTIALS,
    ...(secretAccessKey !== undefined && { secretAccessKey }),
    sessionToken: null,
  };
  const destinations = openDestinations({
    keyRing: { keys: () => keys },
    codeFolder: resolve('out/main'),
    practiceFolder: '',
    threads: 1,
    clock: systemClock,
  });
  onTestFinished(async () => {
    await destinations.close();
    await practice.close();
  });
  const account: Account = {
    id: 'patient' as AccountId,
    name: 'Patient',
    source: { kind: 'keys', accessKeyId: keys.accessKeyId, kept: 'session' },
    region,
    endpointUrl: url ?? practice.url,
    number: null,
  };
  const path = join(folder, 'file');
  writeFileSync(path, 'x');
  const identity = await localFiles.identify(path);
  if (!identity.ok) throw new Error('unreadable');
  const service = destinations.open(account);
  const signal = AbortSignal.timeout(20_000);
  const checkup = await checkUp(
    {
      account,
      service,
      vaults,
      file: { path, identity: identity.value },
      surface: 'window',
    },
    signal,
  );
  return { checkup, service, signal, ledger: () => readLedger(join(folder, 'practice')) };
}

function wrong({ findings }: Checkup): string[] {
  return findings.filter(({ status }) => status !== 'ok').map(({ subject, status }) => `${subject}: ${status}`);
}

test('a healthy account has nothing to mend, and the check-up leaves nothing behind', async () => {
  const { checkup, service, signal, ledger } = await examine({ vaults: [] });
  expect(wrong(checkup)).toEqual(['Vaults: warning']);
  expect(checkup.findings.filter(({ subject }) => subject.startsWith('Permission'))).toHaveLength(14);
  expect(ledger().some(({ committed }) => committed)).toBe(false);
  const vaults = await service.listVaults(signal);
  expect(vaults).toEqual({ ok: true, value: [] });
});

test('a permission that is missing is named, with what Firn needs it for', async () => {
  const denied = (operation: 'UploadMultipartPart' | 'InitiateJob') => ({
    operation,
    behaviour: { kind: 'error', code: 'AccessDeniedException', body: 'json', when: 'after-body' } as const,
  });
  const { checkup } = await examine({
    faults: { script: [denied('UploadMultipartPart'), denied('InitiateJob')] },
  });
  expect(wrong(checkup)).toEqual([
    'Vaults: warning',
    'Permission glacier:UploadMultipartPart: problem',
    'Permission glacier:InitiateJob: warning',
  ]);
  expect(checkup.findings.find(({ status }) => status === 'problem')?.words).toBe(
    'Not given; Firn needs it for uploading.',
  );
});

test('of several vaults the one that does not let Firn in is named', async () => {
  const { checkup } = await examine({
    vaults: ['photos', 'contracts'],
    faults: {
      script: [
        {
          operation: 'ListParts',
          vault: 'contracts',
          behaviour: { kind: 'error', code: 'AccessDeniedException', body: 'json', when: 'after-body' },
        },
      ],
    },
  });
  expect(checkup.findings.filter(({ subject }) => subject === 'Permission glacier:ListParts')).toMatchObject([
    { status: 'problem', words: 'Not given on the vault "contracts"; Firn needs it for uploading.' },
  ]);
});

test('a clock that is wrong is told by how much, and the rest is examined all the same', async () => {
  const { checkup } = await examine({ clock: () => Date.now() + 7 * MINUTE });
  expect(wrong(checkup)).toEqual(['Clock: problem', 'Vaults: warning']);
  expect(checkup.findings.find(({ subject }) => subject === 'Clock')?.words).toMatch(
    /clock is (7 min|6 min \d+ s|7 min \d+ s) slow/,
  );
});

test('credentials that Amazon refuses, a closed account and a region without vaults are told apart', async () => {
  const refused = await examine({ secretAccessKey: 'wrong' });
  expect(wrong(refused.checkup)).toEqual(['Credentials: problem']);
  const closed = await examine({ rules: { closedAccount: true } });
  expect(closed.checkup.findings.at(-1)?.words).toContain('no longer offers vaults to this account');
});

test('a service that cannot be reached leaves open what could not be tried', async () => {
  const { checkup } = await examine({ url: 'http://127.0.0.1:9' });
  expect(wrong(checkup)).toEqual(['Connection: problem', 'Clock: unknown', 'Credentials: unknown']);
});

test('the policy names the chosen vaults, and nothing that Firn does not need', async () => {
  const { checkup } = await examine({ vaults: ['photos', 'missing'] });
  expect(wrong(checkup)).toEqual(['Vault photos: problem', 'Vault missing: problem']);
  const policy = JSON.parse(checkup.policy) as {
    Statement: { Sid: string; Action: string[]; Resource: string | string[] }[];
  };
  expect(policy.Statement).toMatchObject([
    {
      Sid: 'FirnAccount',
      Action: ['glacier:GetDataRetrievalPolicy', 'glacier:ListVaults', 'glacier:SetDataRetrievalPolicy'],
      Resource: '*',
    },
    {
      Sid: 'FirnVaults',
      Resource: ['arn:aws:glacier:us-east-1:*:vaults/photos', 'arn:aws:glacier:us-east-1:*:vaults/missing'],
    },
  ]);
  const actions = policy.Statement.flatMap(({ Action }) => Action);
  expect(actions).toHaveLength(17);
  expect(actions.some((action) => action.includes('*') || /AccessPolicy|Lock|Capacity/.test(action))).toBe(false);
});
