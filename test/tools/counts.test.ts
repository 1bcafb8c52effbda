import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { countOnce, countPlaywright, countVitest, inWords, sum } from '../../tools/check/counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'firn-counts-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function report(json: unknown): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(json));
  return file;
}

const vitest = (passed: number, failed: number, testResults: unknown[] = []) =>
  report({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 0, numTodoTests: 0, testResults });

const playwright = (expected: number, unexpected: number, errors: unknown[] = []) =>
  report({ stats: { expected, unexpected, flaky: 0, skipped: 1 }, errors });

describe('counting what the test runners say', () => {
  it('takes over what a runner counted', () => {
    expect(countVitest(vitest(5, 0), 0)).toEqual({ passed: 5, failed: 0, skipped: 0 });
    expect(countVitest(vitest(4, 1), 1)).toEqual({ passed: 4, failed: 1, skipped: 0 });
    expect(countPlaywright(playwright(3, 0), 0)).toEqual({ passed: 3, failed: 0, skipped: 1 });
    expect(countPlaywright(playwright(2, 2), 1)).toEqual({ passed: 2, failed: 2, skipped: 1 });
  });

  it('counts a run without any test as failed', () => {
    expect(countVitest(vitest(0, 0), 0).failed).toBe(1);
    expect(countPlaywright(playwright(0, 0), 0).failed).toBe(1);
  });

  it('counts a runner as failed that leaves no report, or only half of one', () => {
    const half = join(folder, 'half.json');
    writeFileSync(half, '{"stats": {');
    for (const file of [half, join(folder, 'none.json')]) {
      expect(countVitest(file, 0)).toEqual(countOnce(1));
      expect(countPlaywright(file, 0)).toEqual(countOnce(1));
    }
  });

  it('counts a runner as failed that ends badly although no test failed', () => {
    expect(countVitest(vitest(5, 0), 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(countPlaywright(playwright(5, 0), null)).toEqual({ passed: 5, failed: 1, skipped: 1 });
  });

  it('counts a test file that could not be loaded as failed', () => {
    const broken = { status: 'failed', assertionResults: [] };
    expect(countVitest(vitest(5, 0, [broken, broken]), 1).failed).toBe(2);
    expect(countPlaywright(playwright(5, 0, [{ message: 'SyntaxError' }]), 1).failed).toBe(1);
  });

  it('adds up, and speaks of skipped tests only when there are any', () => {
    expect(inWords(sum([countOnce(0), countOnce(0), countOnce(1)]))).toBe('2 passed, 1 failed');
    expect(inWords({ passed: 2, failed: 0, skipped: 1 })).toBe('2 passed, 0 failed, 1 skipped');
  });
});
