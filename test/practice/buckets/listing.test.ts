import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { type BucketBench, bucketBench, refusalOf } from '../../support/bucket-bench.ts';

const Bucket = 'photos';

async function withKeys(keys: readonly string[]): Promise<BucketBench> {
  const bench = await bucketBench();
  await bench.s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of keys) await bench.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  return bench;
}

/** All pages: keys and, marked by a star, common prefixes. */
async function pages({ s3 }: BucketBench, asked: Partial<ListObjectsV2CommandInput>): Promise<string[][]> {
  const found: string[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, ...asked, ContinuationToken }));
    const keys = (page.Contents ?? []).map(({ Key }) => Key ?? '');
    found.push([...keys, ...(page.CommonPrefixes ?? []).map(({ Prefix }) => `*${Prefix ?? ''}`)]);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

test('keys come in the order of their bytes, page by page', async () => {
  const keys = ['a', 'B', 'ä', 'a/b', '\u{1f4f7}', '\uffee', 'z'];
  const bench = await withKeys(keys);
  const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(await pages(bench, {})).toEqual([sorted]);
  expect((await pages(bench, { MaxKeys: 2 })).flat()).toEqual(sorted);
  expect((await pages(bench, { MaxKeys: 2 })).length).toBe(4);
  expect(await pages(bench, { StartAfter: 'a' })).toEqual([sorted.slice(sorted.indexOf('a') + 1)]);
});

test('folders are told once, whatever is in them, and cost a place of the page', async () => {
  const bench = await withKeys(['a.jpg', 'b/1', 'b/2', 'b/c/3', 'd/4', 'e.jpg']);
  expect(await pages(bench, { Delimiter: '/' })).toEqual([['a.jpg', 'e.jpg', '*b/', '*d/']]);
  expect(await pages(bench, { Delimiter: '/', MaxKeys: 1 })).toEqual([['a.jpg'], ['*b/'], ['*d/'], ['e.jpg']]);
  expect(await pages(bench, { Delimiter: '/', Prefix: 'b/' })).toEqual([['b/1', 'b/2', '*b/c/']]);
  expect(await pages(bench, { Prefix: 'b/c' })).toEqual([['b/c/3']]);
  const old = await bench.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }));
  expect([old.NextMarker, old.IsTruncated]).toEqual(['b/', true]);
  const next = await bench.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'b/' }));
  expect(next.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['d/']);
});

test('names that XML cannot carry come encoded where that is asked for', async () => {
  const key = 'a b+c&<\u0001>/räks.jpg';
  const { ask } = await withKeys([key]);
  const reply = await ask('GET', `/${Bucket}?encoding-type=url&list-type=2`);
  expect(reply.body.toString()).toContain('<Key>a+b%2Bc%26%3C%01%3E/r%C3%A4ks.jpg</Key>');
  const plain = await ask('GET', `/${Bucket}?list-type=2`);
  expect(plain.body.toString()).toContain('<Key>a b+c&amp;&lt;&#x1;&gt;/räks.jpg</Key>');
});

test('a page of no keys is no error, and what is no number or no token is one', async () => {
  const bench = await withKeys(['a']);
  expect(await pages(bench, { MaxKeys: 0 })).toEqual([[]]);
  const token = bench.s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'made up' }));
  expect(await refusalOf(token)).toMatchObject({
    message: 'The continuation token provided is incorrect',
    status: 400,
  });
  const reply = await bench.ask('GET', `/${Bucket}?list-type=2&max-keys=-1`);
  expect(reply.status).toBe(400);
});

test('uploads are listed by key and age, and an older one of the same key before a newer', async () => {
  const { s3, wait } = await withKeys([]);
  const ids: string[] = [];
  for (const Key of ['b', 'a', 'a/x', 'b']) {
    ids.push(String((await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId));
    wait(0);
  }
  const [b1, a, ax, b2] = ids;
  const all = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(all.Uploads?.map(({ UploadId }) => UploadId)).toEqual([a, ax, b1, b2]);
  const first = await s3.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 3 }));
  const markers = { KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker };
  const rest = await s3.send(new ListMultipartUploadsCommand({ Bucket, ...markers }));
  expect(rest.Uploads?.map(({ UploadId }) => UploadId)).toEqual([b2]);
  const folders = await s3.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/', Prefix: 'a' }));
  expect([folders.Uploads?.length, folders.CommonPrefixes?.map(({ Prefix }) => Prefix)]).toEqual([1, ['a/']]);
});
