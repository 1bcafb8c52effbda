// Uploads one file with the AWS CLI: a file and a process for each part, several at a time, as its user guide has it.
//   aws-cli-client.mjs URL FILE PART_SIZE PARALLEL
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { combine } from './tree.mjs';

const [url = '', path = '', ...numbers] = process.argv.slice(2);
const [partSize = 0, parallel = 1] = numbers.map(Number);
const whole = fs.readFileSync(path);
const size = whole.length;
const parts = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => {
  const first = index * partSize;
  const last = Math.min(size, first + partSize) - 1;
  const piece = `${path}.part-${index}`;
  fs.writeFileSync(piece, whole.subarray(first, last + 1));
  return { first, last, piece };
});

/** @returns {Promise<Record<string, string>>} */
async function glacier(/** @type {string[]} */ ...args) {
  const common = ['--account-id', '-', '--vault-name', 'bench', '--endpoint-url', url, '--output', 'json'];
  const { stdout } = await promisify(execFile)(process.env['AWS_CLI'] ?? 'aws', ['glacier', ...args, ...common]);
  return JSON.parse(stdout);
}

const { uploadId = '' } = await glacier('initiate-multipart-upload', '--part-size', String(partSize));
/** @type {Buffer[]} */
const hashes = [];
let next = 0;
await Promise.all(
  Array.from({ length: parallel }, async () => {
    for (let index = next++; index < parts.length; index = next++) {
      const { first, last, piece } = /** @type {(typeof parts)[number]} */ (parts[index]);
      const what = ['--upload-id', uploadId, '--range', `bytes ${first}-${last}/*`, '--body', piece];
      hashes[index] = Buffer.from((await glacier('upload-multipart-part', ...what)).checksum ?? '', 'hex');
    }
  }),
);
const done = ['--upload-id', uploadId, '--archive-size', String(size), '--checksum', combine(hashes).toString('hex')];
await glacier('complete-multipart-upload', ...done);
for (const { piece } of parts) fs.rmSync(piece);
