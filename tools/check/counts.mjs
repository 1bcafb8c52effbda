// How many tests passed and failed, read from the runners' own reports. What cannot be read has failed: a runner that
// crashed, a report that is missing, a run without a single test.
import fs from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** A check that only knows yes and no counts as one. @returns {Counts} */
export function countOnce(/** @type {number | null} */ exitCode) {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** @returns {Counts} */
export function countVitest(/** @type {string} */ report, /** @type {number | null} */ exitCode) {
  const json = readReport(report);
  if (json === null) return countOnce(1);
  const brokenFiles = json.testResults.filter(isBrokenFile).length;
  return settle(
    {
      passed: json.numPassedTests,
      failed: json.numFailedTests + brokenFiles,
      skipped: json.numPendingTests + (json.numTodoTests ?? 0),
    },
    exitCode,
  );
}

/** A test file that could not even be loaded has no tests to fail. */
function isBrokenFile(/** @type {{ status: string, assertionResults: unknown[] }} */ file) {
  return file.status === 'failed' && file.assertionResults.length === 0;
}

/** @returns {Counts} */
export function countPlaywright(/** @type {string} */ report, /** @type {number | null} */ exitCode) {
  const json = readReport(report);
  if (json === null) return countOnce(1);
  const { expected, unexpected, flaky, skipped } = json.stats;
  return settle({ passed: expected, failed: unexpected + flaky + json.errors.length, skipped }, exitCode);
}

/** @returns {Counts} */
function settle(/** @type {Counts} */ counts, /** @type {number | null} */ exitCode) {
  const sawTests = counts.passed + counts.failed > 0;
  if (sawTests && (exitCode === 0 || counts.failed > 0)) return counts;
  return { ...counts, failed: counts.failed + 1 };
}

function readReport(/** @type {string} */ file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @returns {Counts} */
export function sum(/** @type {readonly Counts[]} */ all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

export function inWords(/** @type {Counts} */ { passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
