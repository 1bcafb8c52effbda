import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hugeFile, longQueue, resume } from './queue.ts';
import { type Row, printTable } from './table.ts';

const benches = { queue: longQueue, huge: hugeFile, resume };

/** Runs the benchmarks of these names, or all, and prints one table. */
export async function bench(names: readonly string[]): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-bench-'));
  try {
    const rows: Row[] = [];
    for (const [name, run] of Object.entries(benches)) {
      if (names.length === 0 || names.includes(name)) rows.push(...(await run(folder)));
    }
    printTable(rows);
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
