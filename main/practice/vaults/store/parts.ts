import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from '../../../../shared/part-plan.ts';
import type { TreeHash } from '../../../../shared/upload.ts';
import { moveDurably } from '../../durable.ts';

/** A stored part. The name of its file is its whole record, so that one rename stores both. */
export type Part = ByteRange & { treeHash: TreeHash; storedAt: number; file: string };

/** Parts by their first byte: a newer part takes the place of the one that began at the same byte. */
export type Parts = Map<number, Part>;

/** Puts a received file, durable already, into place. Durable when the promise resolves. */
export async function storePart(
  folder: string,
  parts: Parts,
  received: string,
  part: Omit<Part, 'file'>,
): Promise<void> {
  const older = parts.get(part.first);
  const generation = older ? generationOf(older.file) + 1 : 0;
  const file = `${part.first}-${part.last}.${part.treeHash}.${part.storedAt}.${generation}`;
  await moveDurably(received, join(folder, file));
  parts.set(part.first, { ...part, file });
  if (older) await rm(join(folder, older.file));
}

/** The parts in a folder; what a crash left of replaced ones is removed. */
export async function readParts(folder: string): Promise<Parts> {
  const parts: Parts = new Map();
  for (const file of await readdir(folder)) {
    const part = parseName(file);
    if (!part) continue;
    const rival = parts.get(part.first);
    const newer = rival === undefined || generationOf(file) > generationOf(rival.file);
    if (newer) parts.set(part.first, part);
    if (rival) await rm(join(folder, newer ? rival.file : file));
  }
  return parts;
}

export function inOrder(parts: Parts): Part[] {
  return [...parts.values()].sort((a, b) => a.first - b.first);
}

function parseName(file: string): Part | null {
  const match = /^(\d+)-(\d+)\.([0-9a-f]{64})\.(\d+)\.\d+$/.exec(file);
  if (!match) return null;
  const [, first, last, treeHash = '', storedAt] = match;
  return { first: Number(first), last: Number(last), treeHash: treeHash as TreeHash, storedAt: Number(storedAt), file };
}

function generationOf(file: string): number {
  return Number(file.slice(file.lastIndexOf('.') + 1));
}
