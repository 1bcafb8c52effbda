import { appendFileSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fail } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { direct } from '../../main/aws/route.ts';
import { type HttpRequestHead, openConnections } from '../../main/aws/connections.ts';
import { LentPieces } from '../../main/transfer/lent-pieces.ts';
import { Memory, PIECE } from '../../main/transfer/memory.ts';
import { Pace } from '../../main/transfer/pace.ts';
import { PartHasher } from '../../main/core/tree-hash.ts';
import { sendPart } from '../../main/transfer/send-part.ts';
import { sourceAt } from '../support/glacier-bench.ts';
import { writeUnderItsOldTime } from '../support/old-time.ts';
import { scriptedServer } from '../support/scripted-server.ts';

// What happens to a file in the middle of the reading of it, which only the memory that is read into can tell.

const never = new AbortController().signal;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-send-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a file that is written to while it is read is not sent', async () => {
  const path = join(folder, 'file');
  await writeFile(path, Buffer.alloc(3 * MiB));
  const source = await sourceAt(path);
  const memory = watchedPieces(3, (piece) => {
    if (piece === 2) appendFileSync(path, 'more');
  });
  const outcome = await sendPart(
    { withTree: true, source, range: { first: 0, last: 3 * MiB - 1 } },
    sending(memory, unasked),
  );
  expect(outcome).toEqual(fail({ kind: 'file-changed', path, what: 'it grew by 4 bytes' }));
});

test.each<[string, (path: string) => void, string]>([
  [
    'touched',
    (path) => {
      utimesSync(path, 1, 1);
    },
    'it was written to',
  ],
  [
    'written to under its old time',
    (path) => {
      writeUnderItsOldTime(path, 64 * MiB);
    },
    'it was written to while it was read',
  ],
])('a file that was %s between the two passes is not sent to its end', async (_, change, what) => {
  const server = await scriptedServer();
  const path = join(folder, 'large');
  await writeFile(path, Buffer.alloc(65 * MiB));
  const source = await sourceAt(path);
  const prepare = (): Promise<HttpRequestHead> => {
    change(path);
    return Promise.resolve({ url: server.url, method: 'PUT', headers: {}, route: direct });
  };
  const outcome = await sendPart(
    { withTree: true, source, range: { first: 0, last: 65 * MiB - 1 } },
    sending(
      watchedPieces(2, () => undefined),
      prepare,
    ),
  );
  expect(outcome).toEqual(fail({ kind: 'file-changed', path, what }));
  await server.allClosed();
  expect(server.received).toEqual([]);
});

/** Memory of which all is lent at once. `about` is told the number of each piece before it is used. */
function watchedPieces(count: number, about: (piece: number) => void): LentPieces {
  const pieces = new LentPieces(new Memory(count * PIECE).shared, () => undefined, never);
  pieces.lend(Array.from({ length: count }, (_, piece) => piece));
  const take = pieces.take.bind(pieces);
  pieces.take = async () => {
    const bytes = await take();
    about(bytes.byteOffset / PIECE);
    return bytes;
  };
  return pieces;
}

function sending(pieces: LentPieces, prepare: () => Promise<HttpRequestHead>) {
  const pace = new Pace(Pace.newMemory());
  const newHasher = () => new PartHasher();
  return { pieces, pace, newHasher, connections: openConnections(), signal: never, prepare, onSent: () => undefined };
}

function unasked(): never {
  throw new Error('the request was prepared');
}
