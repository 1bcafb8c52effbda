import { describe, expect, test } from 'vitest';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE, MiB, SECOND } from '../../shared/units.ts';
import type { CredentialProvider, Credentials } from '../../main/aws/credentials/credential-provider.ts';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { type ReceivedRequest, refuse, reply, scriptedServer } from '../support/scripted-server.ts';

const bench = glacierBench();
const vaults = reply(200, { json: { VaultList: [], Marker: null } });
const expired = refuse(403, 'ExpiredTokenException', 'The security token included in the request is expired');

describe('credentials', () => {
  test('that have run out are refreshed once, and the request sent again with the new ones', async () => {
    const server = await scriptedServer();
    server.next(expired, vaults);
    const provider = tokens(ok('second'));
    expect(await bench.open(server.url, { credentials: provider }).listVaults(never)).toEqual(ok([]));
    expect(server.received.map(tokenOf)).toEqual(['first', 'second']);
  });

  test('that have run out for good make the queue wait', async () => {
    const server = await scriptedServer();
    const gone = fail({ kind: 'credentials-expired' as const, detail: 'sign in again' });
    server.next(expired, expired, expired);
    expect(await bench.open(server.url, { credentials: tokens(gone) }).listVaults(never)).toEqual(gone);
    expect(await bench.open(server.url, { credentials: tokens(ok('no-better')) }).listVaults(never)).toMatchObject({
      failure: { kind: 'credentials-expired' },
    });
    expect(server.received).toHaveLength(3);
  });

  test('that are missing send nothing', async () => {
    const server = await scriptedServer();
    const missing = fail({ kind: 'credentials-missing' as const, detail: 'none' });
    const provider = { get: () => Promise.resolve(missing), refresh: () => Promise.resolve(missing) };
    const glacier = bench.open(server.url, { credentials: provider });
    expect(await glacier.listVaults(never)).toEqual(missing);
    const source = await bench.file('part', Buffer.alloc(10));
    const part = { vault: 'photos', multipartUploadId: 'U1' as never, source, range: { first: 0, last: 9 } };
    expect(await glacier.uploadPart(part, { signal: never, onSent: () => undefined })).toEqual(missing);
    expect(server.received).toEqual([]);
  });

  test('are called wrong only when the signature is refused twice', async () => {
    const server = await scriptedServer();
    const mismatch = refuse(
      403,
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    );
    server.next(mismatch, vaults, mismatch, mismatch);
    const glacier = bench.open(server.url);
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'credentials-rejected' } });
  });

  test('with characters that no header can carry are told to be wrong before they are sent', async () => {
    const server = await scriptedServer();
    const keys = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: null };
    for (const wrong of [{ accessKeyId: 'AK ID' }, { secretAccessKey: 'geheimnißvoll\n' }, { sessionToken: '☃' }]) {
      const glacier = bench.open(server.url, { credentials: fixedCredentials({ ...keys, ...wrong }) });
      expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'credentials-rejected' } });
    }
    expect(server.received).toEqual([]);
  });

  test('of a wrong key are not tried again', async () => {
    const server = await scriptedServer();
    server.next(refuse(400, 'UnrecognizedClientException'));
    expect(await bench.open(server.url).listVaults(never)).toMatchObject({ failure: { kind: 'credentials-rejected' } });
    expect(server.received).toHaveLength(1);
  });
});

describe('the clock', () => {
  test('is set by what the service says, and the next request carries the right time', async () => {
    const server = await scriptedServer();
    const local = Date.UTC(2012, 10, 8, 3, 7, 49);
    server.next(
      refuse(
        403,
        'InvalidSignatureException',
        'Signature expired: 20121108T030749Z is now earlier than 20121108T031304Z (20121108T031804Z - 5 min.)',
      ),
      vaults,
    );
    const glacier = bench.open(server.url, { clock: () => local });
    const offsetMs = 10 * MINUTE + 15 * SECOND;
    expect(await glacier.listVaults(never)).toEqual(fail({ kind: 'clock-wrong', offsetMs }));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect(server.received.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20121108T030749Z',
      '20121108T031804Z',
    ]);
  });

  test('is set by the Date header when the message has no time', async () => {
    const server = await scriptedServer();
    server.next(
      refuse(403, 'InvalidSignatureException', 'Signature not yet current.', { date: 'Thu, 08 Nov 2012 03:00:00 GMT' }),
    );
    const glacier = bench.open(server.url, { clock: () => Date.UTC(2012, 10, 8, 4) });
    expect(await glacier.listVaults(never)).toEqual(fail({ kind: 'clock-wrong', offsetMs: -60 * MINUTE }));
  });

  test('is not what is wrong when the data took longer to arrive than a request counts', async () => {
    const server = await scriptedServer();
    let now = Date.UTC(2026, 0, 1);
    server.next((socket, request) => {
      now += 6 * MINUTE;
      refuse(403, 'RequestExpired', 'Request has expired.', { date: new Date(now).toUTCString() })(socket, request);
    }, vaults);
    const glacier = bench.open(server.url, { clock: () => now });
    expect(await glacier.listVaults(never)).toMatchObject({
      failure: { kind: 'timed-out', late: true, detail: expect.stringContaining('took 6 min') as string },
    });
  });

  test('is read anew for each attempt', async () => {
    const server = await scriptedServer();
    server.next(expired, vaults);
    let now = Date.UTC(2026, 0, 1);
    const clock = () => (now += MINUTE);
    await bench.open(server.url, { clock, credentials: tokens(ok('second')) }).listVaults(never);
    expect(new Set(server.received.map(({ headers }) => headers['x-amz-date'])).size).toBe(2);
  });
});

describe('lists', () => {
  const vault = (name: string) => ({
    VaultName: name,
    VaultARN: `arn:${name}`,
    CreationDate: '2012-03-20T17:03:43.221Z',
  });

  test('are read to the end, page by page, even over an empty page', async () => {
    const server = await scriptedServer();
    server.next(
      reply(200, { json: { VaultList: [vault('a')], Marker: 'arn:aws:glacier:us-west-2:111122223333:vaults/a b' } }),
      reply(200, { json: { VaultList: null, Marker: 'm2' } }),
      reply(200, { json: { VaultList: [vault('b')] } }),
    );
    const listed = await bench.open(server.url).listVaults(never);
    expect(listed.ok && listed.value.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(server.received.map(({ target }) => target)).toEqual([
      '/-/vaults?limit=10',
      '/-/vaults?limit=10&marker=arn%3Aaws%3Aglacier%3Aus-west-2%3A111122223333%3Avaults%2Fa%20b',
      '/-/vaults?limit=10&marker=m2',
    ]);
  });

  test('that come round to their beginning again are not trusted', async () => {
    const server = await scriptedServer();
    server.next(...['m1', 'm2', 'm1'].map((Marker) => reply(200, { json: { UploadsList: [], Marker } })));
    expect(await bench.open(server.url).listMultipartUploads('photos', never)).toMatchObject({
      failure: { kind: 'answer-garbled' },
    });
    expect(server.received).toHaveLength(3);
  });

  test('of vaults take null and nothing alike before the first inventory', async () => {
    const server = await scriptedServer();
    const described = {
      name: 'a',
      arn: 'arn:a',
      createdAt: Date.UTC(2012, 2, 20, 17, 3, 43, 221),
      inventoryAt: null,
      archives: 0,
      size: 0,
    };
    const nulls = { LastInventoryDate: null, NumberOfArchives: null, SizeInBytes: null };
    server.next(reply(200, { json: { VaultList: [vault('a'), { ...vault('a'), ...nulls }] } }));
    expect(await bench.open(server.url).listVaults(never)).toEqual(ok([described, described]));
  });

  test('of parts have 50 a page', async () => {
    const server = await scriptedServer();
    const treeHash = 'A'.repeat(64);
    server.next(
      reply(200, {
        json: { PartSizeInBytes: MiB, Parts: [{ RangeInBytes: '0-1048575', SHA256TreeHash: treeHash }], Marker: 'm' },
      }),
      reply(200, {
        json: {
          PartSizeInBytes: MiB,
          Parts: [{ RangeInBytes: '1048576-1048580', SHA256TreeHash: treeHash }],
          Marker: null,
        },
      }),
    );
    const listed = await bench.open(server.url).listParts({ vault: 'photos', multipartUploadId: 'U1' as never }, never);
    const parts = [
      { first: 0, last: 1_048_575, treeHash: treeHash.toLowerCase() },
      { first: 1_048_576, last: 1_048_580, treeHash: treeHash.toLowerCase() },
    ];
    expect(listed).toEqual(ok({ partSize: MiB, parts }));
    expect(server.received.map(({ target }) => target)).toEqual([
      '/-/vaults/photos/multipart-uploads/U1?limit=50',
      '/-/vaults/photos/multipart-uploads/U1?limit=50&marker=m',
    ]);
  });
});

test('a path in the endpoint comes before every other', async () => {
  const server = await scriptedServer();
  server.next(vaults);
  expect(await bench.open(`${server.url}/glacier/`).listVaults(never)).toEqual(ok([]));
  expect(server.received[0]?.target).toBe('/glacier/-/vaults?limit=10');
});

test('a refusal keeps the request ID that Amazon asks for', async () => {
  const server = await scriptedServer();
  server.next(refuse(500, 'ServiceUnavailableException', 'later', { 'x-amzn-RequestId': 'AAAB' }));
  expect(await bench.open(server.url).listVaults(never)).toEqual(
    fail({
      kind: 'service-error',
      status: 500,
      code: 'ServiceUnavailableException',
      message: 'later',
      requestId: 'AAAB',
    }),
  );
});

/** Credentials with the session token "first", and what a refresh brings instead. */
function tokens(second: Result<string>): CredentialProvider {
  const credentials = (sessionToken: string): Credentials => ({
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'secret',
    sessionToken,
    expiresAt: null,
  });
  let now: Result<Credentials> = ok(credentials('first'));
  return {
    get: () => Promise.resolve(now),
    refresh() {
      now = second.ok ? ok(credentials(second.value)) : second;
      return Promise.resolve(now);
    },
  };
}

function tokenOf({ headers }: ReceivedRequest): string | undefined {
  return headers['x-amz-security-token'];
}
