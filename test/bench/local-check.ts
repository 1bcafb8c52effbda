import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { checkFile } from '../../main/checks/check-file.ts';
import { localFiles } from '../../main/files/local-files.ts';
import { GiB, MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { Bench, Context, Row } from './bench.ts';

export const localCheck: Bench = {
  name: 'check',
  about: 'a sparse file of 4 GiB is read and hashed again by main, as a check against local files does',
  run: measure,
};

async function measure({ folder, quick }: Context): Promise<Row[]> {
  const size = quick ? 256 * MiB : 4 * GiB;
  const path = join(folder, 'sparse.raw');
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  closeSync(file);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const startedAt = performance.now();
  const archive = {
    path,
    size,
    treeHash: '0'.repeat(64) as TreeHash,
    toldBy: 'upload',
    compressed: false,
    encrypted: false,
    originalSize: null,
  } as const;
  const { signal } = new AbortController();
  const outcome = await checkFile(archive, { files: localFiles, signal, onHashed: () => undefined });
  const seconds = (performance.now() - startedAt) / 1000;
  loop.disable();
  if (outcome.kind !== 'changed') throw new Error(`the file is ${outcome.kind}`);
  // The resolution is part of what is told.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 1);
  return [
    {
      what: 'check of a local file: event loop of main late at most by',
      value: `${late(loop.max).toFixed(1)} ms`,
      note: `p99 ${late(loop.percentile(99)).toFixed(1)} ms`,
      check: { measured: late(loop.max), atMost: 50 },
    },
    { what: 'check of a local file', value: `${Math.round(size / MiB / seconds)} MiB/s`, note: '' },
  ];
}
