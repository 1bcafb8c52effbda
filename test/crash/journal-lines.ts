import { readFileSync } from 'node:fs';
import type { Row } from './lives.ts';

/** The lines of the journal of archives, in order. A kill may have torn one; nobody misses it. */
export function journalLines(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map(parse)
    .filter((row) => row !== null);
}

function parse(line: string): Row | null {
  try {
    return JSON.parse(line) as Row;
  } catch {
    return null;
  }
}
