import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../../shared/units.ts';
import {
  type PracticeReply,
  type PracticeRequest,
  send,
  sha256,
  signedHeaders,
} from '../../support/practice-request.ts';
import { startPractice } from '../../support/practice-process.ts';

const body = Buffer.alloc(5 * MiB, 7);

test('kill -9 in the middle of a part loses that part and nothing else, and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-practice-'));
  const objects = join(folder, 'us-east-1', 'objects');
  const first = await startPractice(folder);
  onTestFinished(first.kill);
  let { url } = first;
  const ask = (method: string, target: string, extra: Partial<PracticeRequest> = {}): Promise<PracticeReply> => {
    const headers = { 'x-amz-content-sha256': sha256(extra.body ?? ''), ...extra.headers };
    return send({ url }, { method, target, service: 's3', ...extra, headers });
  };
  await ask('PUT', '/photos');
  await ask('PUT', '/photos/small', { body: 'x' });
  const begun = (await ask('POST', '/photos/k?uploads=')).body.toString();
  const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(begun)?.[1] ?? '';
  const part = (number: number): string => `/photos/k?partNumber=${number}&uploadId=${uploadId}`;
  expect((await ask('PUT', part(1), { body })).status).toBe(200);

  const headers = signedHeaders(url, {
    method: 'PUT',
    target: part(2),
    service: 's3',
    headers: { 'x-amz-content-sha256': sha256(body) },
  });
  const sending = http.request(url + part(2), {
    method: 'PUT',
    headers: { ...headers, 'content-length': body.length },
  });
  const broken = once(sending, 'error');
  sending.write(body.subarray(0, 3 * MiB));
  while (readdirSync(objects).length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  const second = await first.again();
  onTestFinished(second.kill);
  await broken;
  ({ url } = second);

  const listed = (await ask('GET', `/photos/k?uploadId=${uploadId}`)).body.toString();
  expect(listed.match(/<PartNumber>\d+<\/PartNumber>/g)).toEqual(['<PartNumber>1</PartNumber>']);
  expect((await ask('GET', '/photos/small')).body.toString()).toBe('x');
  while (readdirSync(objects).length > 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const { etag = '' } = (await ask('PUT', part(2), { body })).headers;
  const list = [1, 2].map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>${etag}</ETag></Part>`).join('');
  const complete = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`;
  expect((await ask('POST', `/photos/k?uploadId=${uploadId}`, { body: complete })).status).toBe(200);
  const third = await second.again();
  onTestFinished(third.kill);
  ({ url } = third);
  const got = await ask('GET', '/photos/k');
  expect(got.body.equals(Buffer.concat([body, body]))).toBe(true);
  await ask('DELETE', '/photos/k');
  while (readdirSync(objects).length > 1) await new Promise((resolve) => setTimeout(resolve, 5));
  rmSync(folder, { recursive: true, force: true });
});

test('records of another version are not opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-practice-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const { startPracticeService } = await import('../../../main/practice/server.ts');
  const service = await startPracticeService({ folder });
  await send(service, {
    method: 'PUT',
    target: '/photos',
    service: 's3',
    headers: { 'x-amz-content-sha256': sha256('') },
  });
  await service.close();
  writeFileSync(
    join(folder, 'us-east-1', 'buckets.db'),
    'not a database at all, and longer than a header of SQLite would be: '.repeat(20),
  );
  await expect(startPracticeService({ folder })).rejects.toThrow();
});
