import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { errorCode } from '../store/database.ts';
import { printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';

/** A list of paths: its file, or `-` for standard input, and what stands between two of them. */
export type PathList = { file: string; separator: '\n' | '\0' };

/** Globs as they are typed. */
export type Globs = { include: readonly string[]; exclude: readonly string[] };

/** The paths of a list, absolute; those that do not begin at the root begin in the working folder. A failure is a sentence. */
export async function readPaths({ file, separator }: PathList): Promise<Result<string[], string>> {
  const bytes = await contentOf(file);
  if (!bytes.ok) return bytes;
  const text = decoded(bytes.value);
  if (text === null) return fail(`${listName(file)} is not valid UTF-8.`);
  if (separator === '\n' && text.includes('\0')) return fail(`${listName(file)} has null characters: say --null.`);
  // What Windows writes ends a line with two characters; a name that ends so can be given with --null.
  const paths = text.split(separator === '\0' ? '\0' : /\r?\n/).filter((path) => path !== '');
  return paths.length === 0 ? fail(`${listName(file)} names no files.`) : ok(paths.map((path) => resolve(path)));
}

async function contentOf(file: string): Promise<Result<Buffer, string>> {
  try {
    return ok(file === '-' ? await buffer(process.stdin) : await readFile(file));
  } catch (error) {
    return fail(`${listName(file)} cannot be read (${errorCode(error)}).`);
  }
}

function listName(file: string): string {
  return file === '-' ? 'Standard input' : printable(file);
}

function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
