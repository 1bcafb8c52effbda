import { createInterface } from 'node:readline/promises';
import type { Output } from './output.ts';

/** What a person types in answer to a question; null when there is no person, as in a script. */
export async function askOnTerminal(question: string, output: Output): Promise<string | null> {
  if (output.json || !process.stdin.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
