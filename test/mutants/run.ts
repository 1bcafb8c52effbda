import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MINUTE } from '../../shared/units.ts';
import type { Mutant } from './mutant.ts';

/** What came of a mutant: the first test that failed because of it, or null when none did. */
export type Verdict = { mutant: Mutant; caughtBy: string | null };

/** A run of tests as vitest reports it. */
type Report = {
  success: boolean;
  testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
};

const config = `export default { test: { testTimeout: 30_000, include: ['test/**/*.test.ts'] } };\n`;
const copied = ['main', 'renderer', 'shared', 'test', 'package.json', 'tsconfig.json'];
/** A mutant may make a test loop for ever, and then its own time limit does not end it. */
const LONGEST_MS = 5 * MINUTE;
/** What tests start as threads and processes of their own stays without the mutant. */
const linked = ['node_modules', 'out'];

/** How often a mutant's text occurs in the sources; only once will do. */
export function occurrences(root: string, { file, text }: Mutant): number {
  return readFileSync(join(root, file), 'utf8').split(text).length - 1;
}

/** A copy of the sources in which mutants come and go, so that the working tree stays as it is. */
class Scratch {
  readonly #root: string;
  readonly #folder: string;

  constructor(root: string, folder: string) {
    this.#root = root;
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const path of copied) cpSync(join(root, path), join(folder, path), { recursive: true });
    for (const path of linked) symlinkSync(join(root, path), join(folder, path));
    writeFileSync(join(folder, 'vitest.config.mjs'), config);
  }

  /**
   * The first test that fails as things are, or that they do not end within `longestMs`; null when all pass. Throws when the
   * tests could not be run at all.
   */
  async firstFailure(tests: readonly string[], longestMs = Infinity): Promise<string | null> {
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    const vitest = join(this.#root, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [vitest, 'run', '--bail=1', '--reporter=json', `--outputFile=${report}`, ...tests];
    if (!(await endsWithin(longestMs, args, this.#folder))) return `${tests.join(' ')} did not end`;
    const { testResults, success } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const failed = testResults.flatMap((it) => it.assertionResults).find(({ status }) => status === 'failed');
    if (failed) return failed.fullName;
    const broken = testResults.find((it) => it.assertionResults.length === 0);
    if (broken || !success) throw new Error(`The tests could not be run: ${broken?.message ?? tests.join(' ')}`);
    return null;
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const file = join(this.#folder, mutant.file);
    const original = readFileSync(file, 'utf8');
    // As a function, so that a $ in it means nothing.
    writeFileSync(
      file,
      original.replace(mutant.text, () => mutant.instead),
    );
    try {
      return { mutant, caughtBy: await this.firstFailure(mutant.tests, LONGEST_MS) };
    } finally {
      writeFileSync(file, original);
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Runs Node; false when it had to be ended, with all that it had started. */
async function endsWithin(longestMs: number, args: readonly string[], cwd: string): Promise<boolean> {
  const child = spawn(process.execPath, args, { cwd, stdio: 'ignore', detached: true });
  let isEnded = false;
  const end = (): void => {
    isEnded = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const interrupt = (): void => {
    end();
    process.exit(130);
  };
  const timer = longestMs < Infinity ? setTimeout(end, longestMs) : undefined;
  process.once('SIGINT', interrupt);
  await once(child, 'exit');
  process.off('SIGINT', interrupt);
  clearTimeout(timer);
  return !isEnded;
}

/** Judges the mutants in so many scratch copies at once; `tell` hears of each verdict as it comes. */
export async function judgeAll(
  root: string,
  mutants: readonly Mutant[],
  { folder, lanes, tell }: { folder: string; lanes: number; tell: (verdict: Verdict) => void },
): Promise<Verdict[]> {
  const waiting = [...mutants];
  const verdicts: Verdict[] = [];
  const scratches = Array.from({ length: lanes }, (_, lane) => new Scratch(root, join(folder, String(lane))));
  const work = async (scratch: Scratch): Promise<void> => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const verdict = await scratch.judge(mutant);
      verdicts.push(verdict);
      tell(verdict);
    }
  };
  try {
    const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
    const failure = await scratches[0]?.firstFailure(tests);
    if (failure) throw new Error(`Without any mutant a test fails: ${failure}`);
    await Promise.all(scratches.map(work));
  } finally {
    for (const scratch of scratches) scratch.remove();
  }
  return verdicts;
}
