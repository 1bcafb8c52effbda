import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Row } from './bench.ts';
import { deleting } from './deleting.ts';
import { hashes } from './hashes.ts';
import { inventory } from './inventory.ts';
import { largeParts } from './large-parts.ts';
import { localCheck } from './local-check.ts';
import { hugeFile, longQueue, resume } from './queue.ts';
import { uploads } from './upload.ts';
import { records } from './records.ts';
import { type Section, printTable } from './table.ts';

/** All of them, in the order in which they run. A new one needs a line here, and one in README.md. */
const benches: readonly Bench[] = [
  hashes,
  uploads,
  records,
  longQueue,
  hugeFile,
  resume,
  largeParts,
  inventory,
  deleting,
  localCheck,
];

/** Runs the benchmarks of these names, or all, and prints one table. Throws on a name that there is not. */
export async function bench(names: readonly string[], quick: boolean): Promise<Section[]> {
  const unknown = names.filter((name) => !benches.some((known) => known.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no benchmark is named ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}`,
    );
  const root = mkdtempSync(join(tmpdir(), 'firn-bench-'));
  const sections: Section[] = [];
  try {
    for (const { name, about, run } of benches) {
      if (names.length > 0 && !names.includes(name)) continue;
      const folder = join(root, name);
      mkdirSync(folder);
      const say = (text: string): void => {
        console.error(`${name}: ${text}`);
      };
      sections.push({ name, about, rows: await rowsOf(() => run({ folder, quick, say })) });
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  printTable(sections);
  return sections;
}

/** What goes wrong in one benchmark is told in its place; the others run nevertheless. */
async function rowsOf(run: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await run();
  } catch (error) {
    return [
      { what: 'broke off', value: '', note: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    ];
  }
}
