// A service that agrees with everything and checks nothing, so that it is never what holds Firn up. Prints its URL, and
// a line of JSON when the first part arrives.
//   node test/bench/sink.mjs [PART_SIZE RECORDED_PARTS]   with parts of zeros that it claims to have
import { createHash } from 'node:crypto';
import http from 'node:http';

const [partSize = 1024 * 1024, recorded = 0] = process.argv.slice(2).map(Number);
const PAGE = 50;
const vaultArn = 'arn:aws:glacier:us-east-1:111122223333:vaults/bench';
const zeros = createHash('sha256')
  .update(Buffer.alloc(1024 * 1024))
  .digest('hex');
let listMs = 0;
let lists = 0;
let parts = 0;

const server = http.createServer((request, response) => {
  const receivedAt = performance.now();
  const url = new URL(request.url ?? '/', 'http://sink');
  request.on('data', () => undefined);
  if (request.method === 'PUT') {
    parts += 1;
    if (parts === 1) console.log(JSON.stringify({ firstPartAt: Date.now(), lists, listMs: Math.round(listMs) }));
  }
  request.on('end', () => {
    answer(request, url, response);
    if (request.method === 'GET' && url.pathname.includes('multipart-uploads')) {
      lists += 1;
      listMs += performance.now() - receivedAt;
    }
  });
});

/** @param {http.IncomingMessage} request @param {URL} url @param {http.ServerResponse} response */
function answer({ method, headers }, url, response) {
  const treeHash = headers['x-amz-sha256-tree-hash'];
  response.setHeader('x-amzn-RequestId', 'sink');
  if (treeHash) response.setHeader('x-amz-sha256-tree-hash', treeHash);
  if (method === 'PUT') return void response.writeHead(204).end();
  if (method === 'POST' && headers['x-amz-part-size']) {
    return void response.writeHead(201, { 'x-amz-multipart-upload-id': 'U'.repeat(92) }).end();
  }
  if (method === 'POST') {
    const id = createHash('sha256').update(`${url.pathname}${treeHash}`).digest('hex').repeat(2);
    return void response
      .writeHead(201, { 'x-amz-archive-id': id, Location: `/111122223333/vaults/bench/archives/${id}` })
      .end();
  }
  const body = url.pathname.includes('multipart-uploads')
    ? partPage(Number(url.searchParams.get('marker') ?? 0))
    : vault;
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

const vault = {
  CreationDate: '2026-01-01T00:00:00.000Z',
  LastInventoryDate: null,
  NumberOfArchives: 0,
  SizeInBytes: 0,
  VaultARN: vaultArn,
  VaultName: 'bench',
};

/** @param {number} from */
function partPage(from) {
  const count = Math.min(PAGE, recorded - from);
  const Parts = Array.from({ length: Math.max(0, count) }, (_, index) => ({
    RangeInBytes: `${(from + index) * partSize}-${(from + index + 1) * partSize - 1}`,
    SHA256TreeHash: zeros,
  }));
  const Marker = from + count < recorded ? String(from + count) : null;
  const rest = { ArchiveDescription: null, CreationDate: vault.CreationDate, MultipartUploadId: 'U'.repeat(92) };
  return { ...rest, Marker, PartSizeInBytes: partSize, Parts, VaultARN: vaultArn };
}

server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
