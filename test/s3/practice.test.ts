import { describe, expect, test } from 'vitest';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import type { ClientOptions } from '../../main/s3/client.ts';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import { ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { never } from '../support/glacier-bench.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { bucketPlace, s3Bench } from '../support/s3-bench.ts';
import { valueOf } from '../support/value-of.ts';

const bench = s3Bench();
const quiet = { signal: never, onSent: () => undefined };
const place = bucketPlace({ prefix: 'archive' });
const nothing = { keepsVersions: false, canLock: false, sweepAfterDays: null };
const modifiedAt = Date.UTC(2024, 1, 29, 12, 30, 15, 537);

async function scene(options: Partial<ClientOptions> = {}) {
  const practice = await practiceBench();
  const credentials = fixedCredentials({ sessionToken: null, ...PRACTICE_CREDENTIALS });
  return bench.open(practice.vault().url, { clock: practice.now, credentials, ...options });
}

async function store(s3: Awaited<ReturnType<typeof scene>>, below: string, bytes: Buffer) {
  const { target, names } = s3.ports(place);
  const request = {
    name: names.encode({ path: `/x/${below}`, below, modifiedAt }),
    size: bytes.length,
    partSize: 8 * MiB,
    storageClass: null,
  };
  const source = await bench.file('source', bytes);
  return target.sendWhole({ request, source }, quiet);
}

describe('a bucket', () => {
  test('is set up as it is wanted, and once more adds nothing', async () => {
    const s3 = await scene();
    const wishes = { keepsVersions: true, canLock: false, sweepAfterDays: 30 };
    expect(await s3.setUp(place.name, wishes, never)).toEqual(ok({ existed: false }));
    const found = await s3.checkUp(place, never);
    expect(found.map(({ subject, status }) => [subject, status])).toEqual([
      ['Bucket', 'ok'],
      ['Uploads', 'ok'],
      ['Versions', 'ok'],
      ['Object Lock', 'ok'],
      ['Lifecycle', 'ok'],
      ['Encryption', 'ok'],
      ['Public access', 'ok'],
      ['Ownership', 'ok'],
    ]);
    expect(found.map(({ words }) => words).join('\n')).toContain('removed after 30 days');
    expect(await s3.setUp(place.name, wishes, never)).toEqual(ok({ existed: true }));
    expect(await s3.checkUp(place, never)).toEqual(found);
    expect(await s3.admin.countOpenUploads(place.name, never)).toEqual(ok(0));
  });

  test('that does not exist is what the check-up says', async () => {
    const s3 = await scene();
    expect(await s3.checkUp(place, never)).toMatchObject([{ subject: 'Bucket', status: 'problem' }]);
  });

  test('that can lock objects keeps versions by itself', async () => {
    const s3 = await scene();
    expect(await s3.setUp(place.name, { ...nothing, canLock: true, keepsVersions: true }, never)).toMatchObject({
      ok: true,
    });
    const words = (await s3.checkUp(place, never)).map((one) => one.words).join('\n');
    expect(words).toContain('kept as an older version');
    expect(words).toContain('can be locked one by one');
  });
});

describe('an object', () => {
  test('is described with the exact name, the time and the checksum', async () => {
    const s3 = await scene();
    valueOf(await s3.setUp(place.name, nothing, never));
    const bytes = Buffer.from('abc');
    const { archiveId, checksum } = valueOf(await store(s3, 'A\u0308 odd\u0001.txt', bytes));
    expect(await s3.describe(place, archiveId, never)).toMatchObject({
      value: {
        described: { path: 'A\u0308 odd\u0001.txt', modifiedAt },
        size: 3,
        storageClass: 'DEEP_ARCHIVE',
        checksum,
      },
    });
    valueOf(await s3.ports(place).remover.remove([archiveId], never));
    expect(await s3.describe(place, archiveId, never)).toMatchObject({ failure: { kind: 'not-found' } });
  });

  test('whose name is taken is not replaced, whether it is empty or not', async () => {
    const s3 = await scene();
    valueOf(await s3.setUp(place.name, nothing, never));
    for (const bytes of [Buffer.from('first'), Buffer.alloc(0)]) {
      const { archiveId } = valueOf(await store(s3, `${bytes.length}.txt`, bytes));
      expect(await store(s3, `${bytes.length}.txt`, Buffer.from('second'))).toEqual({
        ok: false,
        failure: { kind: 'name-taken', name: `archive/${bytes.length}.txt`, object: archiveId },
      });
    }
  });

  test('in versions is deleted for good, and no other version with it', async () => {
    const s3 = await scene();
    valueOf(await s3.setUp(place.name, { ...nothing, keepsVersions: true }, never));
    const { remover, census } = s3.ports(place);
    const [a, b] = [valueOf(await store(s3, 'a', Buffer.from('a'))), valueOf(await store(s3, 'b', Buffer.from('b')))];
    expect(a.archiveId).not.toMatch(/^- /);
    valueOf(await remover.remove([a.archiveId], never));
    const page = valueOf(await census.page(valueOf(await census.begin('', never)).job, null, never));
    expect(page.entries.map(({ archiveId }) => archiveId)).toEqual([b.archiveId]);
    valueOf(await remover.remove([b.archiveId], never));
    // Not even a marker is left.
    expect(await s3.admin.remove(place.name, never)).toEqual(ok(null));
  });

  test('belongs to the account that is meant, or nothing is done', async () => {
    const other = {
      number: () => '999999999999',
      learned: () => undefined,
      ask: () => Promise.resolve('999999999999'),
    };
    const s3 = await scene();
    valueOf(await s3.setUp(place.name, nothing, never));
    const practice = await practiceBench();
    const credentials = fixedCredentials({ sessionToken: null, ...PRACTICE_CREDENTIALS });
    const elsewhere = bench.open(practice.vault().url, { clock: practice.now, credentials, account: other });
    valueOf(await elsewhere.admin.create(place.name, never).then((made) => (made.ok ? made : ok(null))));
    expect(await elsewhere.admin.countOpenUploads(place.name, never)).toMatchObject({
      failure: { kind: 'access-denied' },
    });
  });
});
