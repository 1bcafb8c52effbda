// Switches off each check of the practice vault and each rule of the upload in turn, in a copy of the sources, and sees
// whether a test notices: npm run mutants -- [--only WORD] [--but WORD] [--sample N [--seed S]]. Exit code 1 when one goes
// unnoticed, or no longer finds its text.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { buildAll } from './build.mjs';
import { inLocal, inRoot, root } from './set-up/project.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    but: { type: 'string', default: '\n' },
    sample: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});

/** @type {{ module: typeof import('../test/mutants/index.ts') }} */
const { module } = await runnerImport(inRoot('test', 'mutants', 'index.ts'), { configFile: false, root });
const lost = module.mutants.filter((mutant) => module.occurrences(root, mutant) !== 1);
for (const { file, what, text } of lost) console.log(`✗ ${file}: ${what}: its text occurs not once: ${text}`);
if (lost.length > 0) process.exit(1);

const fitting = module.mutants
  .map((mutant) => ({ mutant, name: `${mutant.file} ${mutant.what}` }))
  .filter(({ name }) => name.includes(values.only) && !name.includes(values.but))
  .map(({ mutant }) => mutant);
const chosen = values.sample === undefined ? fitting : sample(fitting, Number(values.sample), Number(values.seed));
await buildAll();
const startedAt = Date.now();
const verdicts = await module.judgeAll(root, chosen, {
  folder: inLocal('mutants'),
  lanes: Math.min(os.availableParallelism(), chosen.length),
  tell: ({ mutant, caughtBy }) => {
    console.log(`${caughtBy === null ? '✗' : '✓'} ${mutant.file}: ${mutant.what}\n    ${caughtBy ?? 'NO TEST FAILED'}`);
  },
});
const missed = verdicts.filter(({ caughtBy }) => caughtBy === null);
const seconds = Math.round((Date.now() - startedAt) / 1000);
console.log(
  `\n${verdicts.length} mutants, ${verdicts.length - missed.length} noticed, ${missed.length} not (${seconds} s)`,
);
for (const { mutant } of missed) console.log(`✗ ${mutant.file}: ${mutant.what}`);
process.exitCode = missed.length === 0 ? 0 : 1;

/** So many of them; the same for the same seed, which is said. @template T @returns {T[]} */
function sample(/** @type {readonly T[]} */ all, /** @type {number} */ count, /** @type {number} */ seed) {
  console.log(`${count} of ${all.length} mutants, seed ${seed}`);
  const rest = [...all];
  return Array.from({ length: Math.min(count, all.length) }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return /** @type {T} */ (rest.splice(seed % rest.length, 1)[0]);
  });
}
