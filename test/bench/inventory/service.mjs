// A service with one vault, whose inventory lists as many archives as its argument says. Every entry is of the same length,
// so any range of the output is made when it is asked for, and nothing is held. Prints its URL.
//   node test/bench/inventory/service.mjs ARCHIVES
import { Buffer } from 'node:buffer';
import http from 'node:http';

const count = Number(process.argv[2] ?? 1_000_000);
const vaultArn = 'arn:aws:glacier:us-east-1:111122223333:vaults/bench';
const inventoryDate = '2026-11-20T03:04:05Z';
const head = Buffer.from(`{"VaultARN":"${vaultArn}","InventoryDate":"${inventoryDate}","ArchiveList":[`);
const tail = Buffer.from(']}');
const entryLength = entry(0).length + 1;
const size = head.length + count * entryLength - 1 + tail.length;

/** @param {number} n */
function entry(n) {
  const digits = String(n).padStart(7, '0');
  const path = `/photos/${2000 + (n % 25)}/shoot-${digits.slice(0, 5)}/IMG_${digits}.raw`;
  const p = Buffer.from(path).toString('base64');
  return Buffer.from(
    JSON.stringify({
      ArchiveId: `a${digits}`.padEnd(138, 'x'),
      ArchiveDescription: `<m><v>4</v><p>${p}</p><lm>20240102T030405Z</lm></m>`,
      CreationDate: '2025-05-15T17:19:46.700Z',
      Size: 25_000_000 + n,
      SHA256TreeHash: n.toString(16).padStart(64, '0'),
    }),
  );
}

/** The bytes of the output from `first` to `last`, in pieces. @param {number} first @param {number} last */
function* bytes(first, last) {
  let at = first;
  while (at <= last) {
    const piece = Buffer.concat(pieces(at));
    const rest = piece.subarray(0, last + 1 - at);
    at += rest.length;
    yield rest;
  }
}

/** From `at` on, to the end of a few hundred entries. @param {number} at */
function pieces(at) {
  if (at < head.length) return [head.subarray(at)];
  const from = at - head.length;
  const index = Math.floor(from / entryLength);
  if (index >= count) return [tail.subarray(from - (count * entryLength - 1))];
  const end = Math.min(count, index + 300);
  const all = [];
  for (let n = index; n < end; n += 1) all.push(entry(n), Buffer.from(n === count - 1 ? ']}' : ','));
  return [Buffer.concat(all).subarray(from - index * entryLength)];
}

const job = {
  Action: 'InventoryRetrieval',
  Completed: true,
  CompletionDate: new Date().toISOString(),
  CreationDate: new Date().toISOString(),
  InventoryRetrievalParameters: { EndDate: null, Format: 'JSON', Limit: null, Marker: null, StartDate: null },
  InventorySizeInBytes: size,
  JobDescription: null,
  JobId: 'job',
  StatusCode: 'Succeeded',
  StatusMessage: 'Succeeded',
  VaultARN: vaultArn,
};
const vault = {
  CreationDate: '2026-01-01T00:00:00.000Z',
  LastInventoryDate: inventoryDate,
  NumberOfArchives: count,
  SizeInBytes: 25_000_000 * count,
  VaultARN: vaultArn,
  VaultName: 'bench',
};

const server = http.createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.setHeader('x-amzn-RequestId', 'bench');
    const { pathname } = new URL(request.url ?? '/', 'http://bench');
    if (pathname.endsWith('/output')) {
      void sendOutput(request, response);
      return;
    }
    if (request.method === 'DELETE') {
      response.writeHead(204).end();
      return;
    }
    if (request.method === 'POST') {
      response.writeHead(202, { 'x-amz-job-id': 'job' }).end();
      return;
    }
    const answer = pathname.endsWith('/jobs')
      ? { JobList: [], Marker: null }
      : pathname.endsWith('/jobs/job')
        ? job
        : pathname.endsWith('/vaults')
          ? { VaultList: [vault], Marker: null }
          : vault;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
});

/** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
async function sendOutput(request, response) {
  const [, from = 0, to = size - 1] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []).map(Number);
  response.writeHead(206, {
    'Content-Type': 'application/json',
    'Content-Length': to - from + 1,
    'Content-Range': `bytes ${from}-${to}/${size}`,
  });
  for (const piece of bytes(from, to)) {
    if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}

server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, size }));
});
