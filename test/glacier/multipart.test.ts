import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../shared/result.ts';
import type { MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { refuse, reply, scriptedServer } from '../support/scripted-server.ts';

const bench = glacierBench();
const upload = { vault: 'photos', multipartUploadId: 'U1' as MultipartUploadId };
const treeHash = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb' as TreeHash;
const otherHash = treeHash.replace('c', 'd');
const vaultNotFound = refuse(
  404,
  'ResourceNotFoundException',
  'Vault not found for ARN: arn:aws:glacier:us-east-1:1:vaults/photos',
);
const uploadNotFound = refuse(404, 'ResourceNotFoundException', 'The upload ID was not found: U1');
const somethingNotFound = refuse(404, 'ResourceNotFoundException', '');
const described = reply(200, { json: { VaultName: 'photos', CreationDate: '2012-03-20T17:03:43.221Z' } });
const vaultMissing = fail({ kind: 'vault-missing' as const, vault: 'photos' });
const multipartMissing = fail({ kind: 'multipart-missing' as const });
const garbled = { failure: { kind: 'answer-garbled' } };

describe('initiate', () => {
  test('sends part size and description, and returns the ID', async () => {
    const server = await scriptedServer();
    server.next(reply(201, { headers: { 'x-amz-multipart-upload-id': '-U1' } }));
    const initiated = await bench
      .open(server.url)
      .initiate({ vault: 'photos', description: 'my  archive', partSize: 1048576 }, never);
    expect(initiated).toEqual(ok('-U1'));
    expect(server.received[0]?.headers).toMatchObject({
      'x-amz-part-size': '1048576',
      'x-amz-archive-description': 'my  archive',
      'content-length': '0',
    });
  });

  test.each([['tab\there'], ['Agátka'], ['x'.repeat(1025)]])(
    'does not send a description that Glacier refuses (%j)',
    async (description) => {
      const server = await scriptedServer();
      const initiated = await bench
        .open(server.url)
        .initiate({ vault: 'photos', description, partSize: 1048576 }, never);
      expect(initiated).toMatchObject({ failure: { kind: 'invalid-input' } });
      expect(server.received).toEqual([]);
    },
  );

  test('without an ID in the answer did not happen', async () => {
    const server = await scriptedServer();
    server.next(reply(201));
    expect(
      await bench.open(server.url).initiate({ vault: 'photos', description: '', partSize: 1048576 }, never),
    ).toMatchObject(garbled);
    expect(server.received[0]?.headers).not.toHaveProperty('x-amz-archive-description');
  });
});

describe('a part', () => {
  const send = async (...steps: Parameters<Awaited<ReturnType<typeof scriptedServer>>['next']>) => {
    const server = await scriptedServer();
    server.next(...steps);
    const source = await bench.file('one-byte', Buffer.from('a'));
    const part = { ...upload, source, range: { first: 0, last: 0 } };
    let sent = 0;
    const options = { signal: never, onSent: (bytes: number) => (sent += bytes) };
    const outcome = await bench.open(server.url).uploadPart(part, options);
    return { server, outcome, sent };
  };

  test('is sent with its range and both hashes, and counts when the same tree hash comes back', async () => {
    const { server, outcome } = await send(reply(204, { headers: { 'x-amz-sha256-tree-hash': treeHash } }));
    expect(outcome).toEqual(ok(treeHash));
    expect(server.received[0]).toMatchObject({
      method: 'PUT',
      target: '/-/vaults/photos/multipart-uploads/U1',
      body: Buffer.from('a'),
      headers: {
        'content-range': 'bytes 0-0/*',
        'content-length': '1',
        'content-type': 'application/octet-stream',
        'x-amz-content-sha256': treeHash,
        'x-amz-sha256-tree-hash': treeHash,
      },
    });
  });

  test('does not count when another tree hash comes back, or none', async () => {
    expect((await send(reply(204, { headers: { 'x-amz-sha256-tree-hash': otherHash } }))).outcome).toMatchObject(
      garbled,
    );
    expect((await send(reply(204))).outcome).toMatchObject(garbled);
  });

  test('is signed anew when it is sent a second time, and its bytes count once', async () => {
    const mismatch = refuse(
      403,
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    );
    const confirmed = reply(204, { headers: { 'x-amz-sha256-tree-hash': treeHash } });
    const { server, outcome, sent } = await send(mismatch, confirmed);
    expect(outcome).toEqual(ok(treeHash));
    expect(sent).toBe(1);
    expect(server.received.map(({ body }) => body.toString())).toEqual(['a', 'a']);
  });
});

describe('what is missing', () => {
  const operations = {
    listParts: (glacier: ReturnType<typeof bench.open>) => glacier.listParts(upload, never),
    complete: (glacier: ReturnType<typeof bench.open>) => glacier.complete({ ...upload, size: 1, treeHash }, never),
    abort: (glacier: ReturnType<typeof bench.open>) => glacier.abort(upload, never),
    uploadPart: async (glacier: ReturnType<typeof bench.open>) => {
      const source = await bench.file('one-byte', Buffer.from('a'));
      return glacier.uploadPart(
        { ...upload, source, range: { first: 0, last: 0 } },
        { signal: never, onSent: () => undefined },
      );
    },
  };

  test.each(Object.entries(operations))('is told apart in %s', async (_, operation) => {
    const server = await scriptedServer();
    const glacier = bench.open(server.url);
    server.next(vaultNotFound, uploadNotFound, somethingNotFound, described, somethingNotFound, vaultNotFound);
    expect(await operation(glacier)).toEqual(vaultMissing);
    expect(await operation(glacier)).toEqual(multipartMissing);
    expect(await operation(glacier)).toEqual(multipartMissing);
    expect(await operation(glacier)).toEqual(vaultMissing);
    expect(server.received).toHaveLength(6);
  });

  test('stays open when the vault cannot be asked for', async () => {
    const server = await scriptedServer();
    server.next(somethingNotFound, reply(500));
    expect(await bench.open(server.url).abort(upload, never)).toMatchObject({ failure: { kind: 'service-error' } });
  });
});

describe('complete', () => {
  const archiveId = 'NkbByEejwEggmBz2fTHgJrg0XBoDfjP4q6iu87';
  const complete = async (step: Parameters<Awaited<ReturnType<typeof scriptedServer>>['next']>[0]) => {
    const server = await scriptedServer();
    server.next(step);
    return { server, outcome: await bench.open(server.url).complete({ ...upload, size: 1, treeHash }, never) };
  };

  test('returns the archive ID and the location', async () => {
    const location = `/012345678901/vaults/photos/archives/${archiveId}`;
    const headers = { 'x-amz-archive-id': archiveId, 'x-amz-sha256-tree-hash': treeHash, Location: location };
    const { server, outcome } = await complete(reply(201, { headers }));
    expect(outcome).toEqual(ok({ archiveId, location }));
    expect(server.received[0]?.headers).toMatchObject({
      'x-amz-archive-size': '1',
      'x-amz-sha256-tree-hash': treeHash,
    });
  });

  test('is not believed without an archive ID or with another tree hash', async () => {
    expect((await complete(reply(201, { headers: { 'x-amz-sha256-tree-hash': treeHash } }))).outcome).toMatchObject(
      garbled,
    );
    const headers = { 'x-amz-archive-id': archiveId, 'x-amz-sha256-tree-hash': otherHash };
    expect((await complete(reply(201, { headers }))).outcome).toMatchObject(garbled);
  });

  test('refused for a hash or a gap is told apart from a failure', async () => {
    const message = `Invalid x-amz-sha256-tree-hash: ${treeHash}`;
    expect((await complete(refuse(400, 'InvalidParameterValueException', message))).outcome).toEqual(
      fail({ kind: 'completion-refused', message }),
    );
    expect((await complete(refuse(400, 'ThrottlingException', 'Rate exceeded'))).outcome).toMatchObject({
      failure: { kind: 'throttled' },
    });
  });
});
