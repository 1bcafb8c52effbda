// Uploads one file with @aws-sdk/client-glacier, several parts at a time.
//   aws-sdk-client.mjs URL FILE PART_SIZE PARALLEL
import { open } from 'node:fs/promises';
import {
  CompleteMultipartUploadCommand,
  GlacierClient,
  InitiateMultipartUploadCommand,
  UploadMultipartPartCommand,
} from '@aws-sdk/client-glacier';
import { combine } from './tree.mjs';

const [url = '', path = '', ...numbers] = process.argv.slice(2);
const [partSize = 0, parallel = 1] = numbers.map(Number);
const glacier = new GlacierClient({ endpoint: url });
const upload = { accountId: '-', vaultName: 'bench' };
const file = await open(path);
const { size } = await file.stat();
const { uploadId } = await glacier.send(new InitiateMultipartUploadCommand({ ...upload, partSize: String(partSize) }));
/** @type {Buffer[]} */
const hashes = [];
let next = 0;

async function sendParts() {
  for (let index = next++; index * partSize < size; index = next++) {
    const first = index * partSize;
    const body = Buffer.allocUnsafe(Math.min(partSize, size - first));
    await file.read(body, 0, body.length, first);
    const range = `bytes ${first}-${first + body.length - 1}/*`;
    // The client's middleware computes both hashes. The answer carries the tree hash of the part.
    const { checksum } = await glacier.send(new UploadMultipartPartCommand({ ...upload, uploadId, range, body }));
    hashes[index] = Buffer.from(String(checksum), 'hex');
  }
}

await Promise.all(Array.from({ length: parallel }, sendParts));
const checksum = combine(hashes).toString('hex');
await glacier.send(new CompleteMultipartUploadCommand({ ...upload, uploadId, archiveSize: String(size), checksum }));
await file.close();
