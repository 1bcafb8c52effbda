import Database from 'better-sqlite3';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import type { Foreigner } from './foreigner.ts';
import type { Lives } from './lives.ts';
import type { Source } from './sources.ts';

type RetrievalRow = {
  id: string;
  phase: string;
  archive_tree_hash: string;
  modified_ns: string | null;
  folder: string;
  target_path: string | null;
};

type World = { sources: readonly Source[]; lives: Lives; foreigner: Foreigner; target: string };

/** What stands in the end against the promises of the way back. Each is a sentence. */
export async function wayBackVerdict({ sources, lives, foreigner, target }: World): Promise<string[]> {
  const rows = retrievalsOf(join(lives.dataFolder, 'firn.db'));
  const known = new Set(sources.map(({ treeHash }) => treeHash));
  return [
    ...rows.flatMap((row) => wrongFile(row, known)),
    ...nothingElse(rows, target),
    ...paidOnce(rows, await foreigner.archiveJobs()),
  ];
}

export function retrievalsOf(file: string): RetrievalRow[] {
  if (!existsSync(file)) return [];
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare<[], RetrievalRow>('SELECT task_id AS id, retrieval.* FROM retrieval').all();
  } finally {
    db.close();
  }
}

/** Each retrieval has become a file with the bytes and the time that the archive's file had. */
function wrongFile(row: RetrievalRow, known: ReadonlySet<string>): string[] {
  if (row.phase !== 'retrieved' || row.target_path === null) return [`${row.id} is still ${row.phase}`];
  if (!existsSync(row.target_path)) return [`${JSON.stringify(row.target_path)} is not there`];
  const treeHash = treeHashByDefinition(readFileSync(row.target_path));
  if (treeHash !== row.archive_tree_hash || !known.has(treeHash)) {
    return [`${JSON.stringify(row.target_path)} has other bytes than the archive`];
  }
  const seconds = Math.floor(statSync(row.target_path).mtimeMs / 1000);
  const wanted = row.modified_ns === null ? seconds : Number(BigInt(row.modified_ns) / 1_000_000_000n);
  return seconds === wanted ? [] : [`${JSON.stringify(row.target_path)} has another time than the file had`];
}

/** Neither temporary files nor second copies are left. */
function nothingElse(rows: readonly RetrievalRow[], target: string): string[] {
  const wanted = new Set(rows.map((row) => row.target_path));
  if (wanted.size < rows.length) return ['Two retrievals have become the same file'];
  return filesBelow(target).flatMap((file) => (wanted.has(file) ? [] : [`${JSON.stringify(file)} was left behind`]));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Glacier was asked, and is paid, for each retrieval once at most: the output of an earlier job may serve, too. */
function paidOnce(rows: readonly RetrievalRow[], descriptions: readonly string[]): string[] {
  return rows.flatMap(({ id }) => {
    const jobs = descriptions.filter((description) => description.includes(id)).length;
    return jobs <= 1 ? [] : [`${jobs} jobs were asked for to retrieve ${id}`];
  });
}
