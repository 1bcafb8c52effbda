import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { mutants, occurrences } from './index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('each mutant finds the one place that it changes', () => {
  const lost = mutants.filter((mutant) => occurrences(root, mutant) !== 1);
  expect(lost.map(({ file, what, text }) => `${file}: ${what} (${text})`)).toEqual([]);
});

test('no two mutants are the same', () => {
  const changes = mutants.map(({ file, text, instead }) => JSON.stringify([file, text, instead]));
  expect(new Set(changes).size).toBe(changes.length);
});
