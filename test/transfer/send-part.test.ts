import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fail } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { type HttpRequestHead, openConnections } from '../../main/glacier/http.ts';
import { type Loan, Memory } from '../../main/transfer/memory.ts';
import { Pace } from '../../main/transfer/pace.ts';
import { PartHasher } from '../../main/core/tree-hash.ts';
import { sendPart } from '../../main/transfer/send-part.ts';
import { sourceAt } from '../support/glacier-bench.ts';
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
  const memory = new WatchedMemory((offset) => {
    if (offset === 2 * MiB) appendFileSync(path, 'more');
  });
  const outcome = await sendPart({ source, range: { first: 0, last: 3 * MiB - 1 } }, sending(memory, unasked));
  expect(outcome).toEqual(fail({ kind: 'file-changed', path, what: 'it grew by 4 bytes' }));
});

test('a file that was touched between the two passes is not sent to its end', async () => {
  const server = await scriptedServer();
  const path = join(folder, 'large');
  await writeFile(path, Buffer.alloc(65 * MiB));
  const source = await sourceAt(path);
  const prepare = async (): Promise<HttpRequestHead> => {
    await utimes(path, 1, 1);
    return { url: server.url, method: 'PUT', headers: {}, proxyUrl: null };
  };
  const outcome = await sendPart(
    { source, range: { first: 0, last: 65 * MiB - 1 } },
    sending(new Memory(2 * MiB), prepare),
  );
  expect(outcome).toEqual(fail({ kind: 'file-changed', path, what: 'it was written to' }));
  await server.allClosed();
  expect(server.received).toEqual([]);
});

/** Tells where each piece that is about to be read will lie. */
class WatchedMemory extends Memory {
  readonly #about: (offset: number) => void;

  constructor(about: (offset: number) => void) {
    super(64 * MiB);
    this.#about = about;
  }

  override async borrow(length: number, signal: AbortSignal): Promise<Loan> {
    const loan = await super.borrow(length, signal);
    loan.bytes.subarray = (begin = 0, end) => {
      this.#about(begin);
      return Uint8Array.prototype.subarray.call(loan.bytes, begin, end);
    };
    return loan;
  }
}

function sending(memory: Memory, prepare: () => Promise<HttpRequestHead>) {
  const pace = new Pace(Pace.newMemory());
  const newHasher = () => new PartHasher();
  return { memory, pace, newHasher, connections: openConnections(), signal: never, prepare, onSent: () => undefined };
}

function unasked(): never {
  throw new Error('the request was prepared');
}
