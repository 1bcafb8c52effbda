import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Piece } from '../../shared/checksum.ts';
import { MiB } from '../../shared/units.ts';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import type { CensusPage } from '../../main/places/ports/census.ts';
import type { ClientOptions } from '../../main/s3/client.ts';
import { turnVersionsOn } from '../../main/s3/bucket-settings.ts';
import { never } from '../support/glacier-bench.ts';
import { type Radosgw, hasRadosgw, startRadosgw } from '../support/radosgw.ts';
import { bucketPlace, s3Bench } from '../support/s3-bench.ts';
import { valueOf } from '../support/value-of.ts';

// Ceph's gateway, which shares no code with Firn: it judges signatures, paths, parts and lists. It knows neither checksums of
// parts nor conditions on a completion, and restores nothing.

const bench = s3Bench();
const quiet = { signal: never, onSent: () => undefined };
const modifiedAt = Date.UTC(2024, 1, 29, 12, 30, 15, 537);
let radosgw: Radosgw;
let count = 0;

async function scene(options: Partial<ClientOptions> = {}) {
  const name = `photos-${(count += 1)}`;
  const s3 = bench.open(radosgw.url, { provider: 'unknown', ...options });
  valueOf(await s3.admin.create(name, never));
  return { name, s3, ports: s3.ports(bucketPlace({ name, prefix: 'archive' })) };
}
type Ports = Awaited<ReturnType<typeof scene>>['ports'];

async function store({ target, names }: Ports, below: string, bytes: Buffer) {
  const name = names.encode({ path: `/home/${below}`, below, modifiedAt });
  const request = { name, size: bytes.length, partSize: 8 * MiB, storageClass: null };
  const source = await bench.file(`file-${randomBytes(4).toString('hex')}`, bytes);
  return valueOf(await target.sendWhole({ request, source }, quiet));
}

async function entriesOf({ census }: Ports) {
  const { job } = valueOf(await census.begin('', never));
  const entries = [];
  for (let cursor: string | null = null; ;) {
    const page: CensusPage = valueOf(await census.page(job, cursor, never));
    entries.push(...page.entries);
    cursor = page.next;
    if (cursor === null) return entries;
  }
}

async function read({ thaw }: Ports, archiveId: Parameters<Ports['thaw']['read']>[0]['archiveId'], size: number) {
  const chunks: Buffer[] = [];
  const write = (chunk: Uint8Array): void => void chunks.push(Buffer.from(chunk));
  const range = { first: 0, last: size - 1 };
  valueOf(await thaw.read({ archiveId, job: null, jobFirst: 0, range }, { write, signal: never }));
  return Buffer.concat(chunks);
}

describe.skipIf(!hasRadosgw)('radosgw', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    radosgw = await startRadosgw();
  }, 180_000);
  afterAll(() => radosgw.stop());

  test('takes an upload whose second half another start sends, and gives back what it was', async () => {
    const { name, ports } = await scene();
    const bytes = randomBytes(2 * 8 * MiB + 5);
    const source = await bench.file('large.raw', bytes);
    const request = {
      name: ports.names.encode({ path: '/x/large.raw', below: 'large.raw', modifiedAt }),
      size: bytes.length,
      partSize: 8 * MiB,
      storageClass: null,
    };
    const ranges = [0, 1, 2].map((part) => ({
      first: part * 8 * MiB,
      last: Math.min((part + 1) * 8 * MiB, bytes.length) - 1,
    }));
    const upload = valueOf(await ports.target.begin(request, never));
    const pieces: Piece[] = [];
    const send = async (target: Ports['target'], range: (typeof ranges)[0]) =>
      pieces.push(valueOf(await target.sendPart({ upload, request, source, range }, quiet)));
    for (const range of ranges.slice(0, 2)) await send(ports.target, range);

    const { target } = bench.open(radosgw.url, { provider: 'unknown' }).ports(bucketPlace({ name, prefix: 'archive' }));
    expect(valueOf(await target.listParts(upload, request, never, pieces))).toEqual(pieces);
    // It tells no checksums, so that what no row knows cannot be proven.
    expect(valueOf(await target.listParts(upload, request, never))).toEqual([]);
    for (const range of ranges.slice(2)) await send(target, range);
    const whole = { upload, request, pieces, checksum: ports.checksums.combine(pieces) };
    const { archiveId } = valueOf(await target.finish(whole, never));
    expect(await target.finish(whole, never)).toMatchObject({ value: { archiveId } });
    const lost = { ...whole, askedAt: 0, since: target.now(), isTaken: () => false };
    expect(await target.settle(lost, never)).toMatchObject({ value: { kind: 'stored', archiveId } });
    expect(await target.begin(request, never)).toMatchObject({ failure: { kind: 'name-taken', object: archiveId } });
    expect((await read(ports, archiveId, bytes.length)).equals(bytes)).toBe(true);
  });

  const awkward = [
    "räksmörgås 1+(2)~'!*&=?#%.jpg",
    'deep/er/日本語/😀.cr2',
    '  blanks  at both ends ',
    'a;b@c,d$e|f\\g"h<i>.txt',
    `long/${'ö'.repeat(500)}.raw`,
    'line\nend\tand\u0001more.txt',
    '..',
  ];

  test('stores, lists, gives and deletes whatever files are called', async () => {
    const { ports } = await scene();
    const stored = [];
    for (const below of awkward) stored.push(await store(ports, below, Buffer.from(below)));
    stored.push(await store(ports, 'empty', Buffer.alloc(0)));
    const entries = await entriesOf(ports);
    expect(new Set(entries.map(({ archiveId }) => archiveId))).toEqual(
      new Set(stored.map(({ archiveId }) => archiveId)),
    );
    expect(entries.every(({ storageClass }) => storageClass === 'DEEP_ARCHIVE')).toBe(true);
    for (const [index, below] of awkward.entries()) {
      const { archiveId } = stored[index] ?? {};
      if (archiveId) expect((await read(ports, archiveId, Buffer.byteLength(below))).toString()).toBe(below);
    }
    const removed = valueOf(
      await ports.remover.remove(
        entries.map(({ archiveId }) => archiveId),
        never,
      ),
    );
    expect(removed.every(({ result }) => result.ok)).toBe(true);
    expect(await entriesOf(ports)).toEqual([]);
  });

  test('lists versions, of which exactly those that are named are deleted', async () => {
    const { name, ports } = await scene();
    valueOf(await turnVersionsOn(bench.client(radosgw.url, { provider: 'unknown' }), { bucket: name }, never));
    const { archiveId } = await store(ports, 'a.txt', Buffer.from('first'));
    const { archiveId: other } = await store(ports, 'b.txt', Buffer.from('second'));
    expect((await entriesOf(ports)).map((entry) => entry.archiveId)).toEqual([archiveId, other]);
    valueOf(await ports.remover.remove([archiveId], never));
    expect((await entriesOf(ports)).map((entry) => entry.archiveId)).toEqual([other]);
  });

  test('refuses keys and secrets that are not right, each in its way', async () => {
    const keys = { accessKeyId: 'TESTKEY', secretAccessKey: 'TESTSECRET', sessionToken: null };
    for (const wrong of [{ accessKeyId: 'NOBODY' }, { secretAccessKey: 'wrong' }]) {
      const s3 = bench.open(radosgw.url, { provider: 'unknown', credentials: fixedCredentials({ ...keys, ...wrong }) });
      expect(await s3.admin.list(never)).toMatchObject({ failure: { kind: 'credentials-rejected' } });
    }
    const late = bench.open(radosgw.url, { provider: 'unknown', clock: () => Date.now() - 3_600_000 });
    expect(await late.admin.list(never)).toMatchObject({ failure: { kind: 'clock-wrong' } });
    expect(await late.admin.list(never)).toMatchObject({ ok: true });
  });

  test('counts and finds what is left of uploads', async () => {
    const { name, s3, ports } = await scene();
    const request = {
      name: ports.names.encode({ path: '/a', below: 'a b+c', modifiedAt }),
      size: 9,
      partSize: 8 * MiB,
      storageClass: null,
    };
    const upload = valueOf(await ports.target.begin(request, never));
    expect(await s3.admin.countOpenUploads(name, never)).toMatchObject({ value: 1 });
    const orphans = { request, since: ports.target.now(), isKnown: () => false };
    expect(valueOf(await ports.target.findOrphans(orphans, never))).toEqual([upload]);
    for (let time = 0; time < 2; time += 1) valueOf(await ports.target.abort(upload, request, never));
    expect(valueOf(await ports.target.findOrphans(orphans, never))).toEqual([]);
  });

  test.skipIf(!existsSync('/usr/bin/rclone'))('shows rclone the names and times of the files', async () => {
    const { name, ports } = await scene();
    await store(ports, 'Urlaub 2024/räksmörgås.jpg', Buffer.from('a picture'));
    const remote = `:s3,provider=Ceph,access_key_id=TESTKEY,secret_access_key=TESTSECRET,endpoint="${radosgw.url}":${name}`;
    const rclone = (...args: string[]) =>
      promisify(execFile)('/usr/bin/rclone', [...args, '--config', '/dev/null'], {
        env: { PATH: process.env['PATH'] },
      });
    const { stdout } = await rclone('lsjson', '-R', '--files-only', remote);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        Path: 'archive/Urlaub 2024/räksmörgås.jpg',
        Size: 9,
        ModTime: expect.stringContaining('2024-02-29T12:30:15.537') as string,
      },
    ]);
    expect((await rclone('cat', `${remote}/archive/Urlaub 2024/räksmörgås.jpg`)).stdout).toBe('a picture');
  });
});
