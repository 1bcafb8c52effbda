import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ArchiveService } from '../../main/places/ports/archive-service.ts';
import type { PlaceAdapter } from '../../main/places/ports/place-ports.ts';
import type { SourceFile } from '../../main/core/ports.ts';
import { identityOf } from '../../main/core/source-identity.ts';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import { type GlacierExtras, type GlacierOptions, openGlacier } from '../../main/glacier/destination.ts';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import type { ConnectionOptions } from '../../main/aws/connections.ts';
import { type PartPool, openPartPool } from '../../main/transfer/pool.ts';
import { buildPartWorker } from './build-worker.ts';

export type GlacierBench = {
  folder: string;
  /** The bench's pool, or one with connections of its own kind. */
  pool: (connections?: ConnectionOptions) => PartPool;
  /** Our client for a service at `url`, with the practice vault's credentials. */
  open(url: string, options?: Partial<GlacierOptions>): ArchiveService & GlacierExtras & PlaceAdapter;
  /** A file of that content in the bench's folder. */
  file(name: string, content: Uint8Array): Promise<SourceFile>;
};

export const never = new AbortController().signal;

/** For the tests of a file: one built worker, one pool, and a folder that is gone after each test. */
export function glacierBench(): GlacierBench {
  let worker: Awaited<ReturnType<typeof buildPartWorker>>;
  const pools: PartPool[] = [];
  const openPool = (connections: ConnectionOptions = {}): PartPool => {
    const pool = openPartPool({ workerFile: worker.workerFile, threads: 2, connections });
    pools.push(pool);
    return pool;
  };
  let common: PartPool;
  const closers: (() => void)[] = [];
  const bench = { folder: '' };
  beforeAll(async () => {
    worker = await buildPartWorker();
    common = openPool();
    bench.folder = mkdtempSync(join(tmpdir(), 'firn-glacier-'));
  });
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });
  afterAll(async () => {
    for (const pool of pools) await pool.close();
    await worker.remove();
    rmSync(bench.folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return bench.folder;
    },
    pool: (connections) => (connections ? openPool(connections) : common),
    open(url, options = {}) {
      const glacier = openGlacier({
        endpoint: url,
        region: 'us-east-1',
        credentials: fixedCredentials({ sessionToken: null, ...PRACTICE_CREDENTIALS }),
        partSender: common,
        ...options,
      });
      closers.push(() => {
        glacier.close();
      });
      return glacier;
    },
    async file(name, content) {
      const path = join(bench.folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return sourceAt(path);
    },
  };
}

export async function sourceAt(path: string): Promise<SourceFile> {
  return { path, identity: identityOf(await stat(path, { bigint: true })) };
}
