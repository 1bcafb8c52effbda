import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { KiB, MiB } from '../../shared/units.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.runIf(process.platform === 'linux')('--gentle lets one thread send, behind everything else', async () => {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  await firn.run('vault', 'create', 'photos');
  const path = join(folder, 'big.raw');
  writeFileSync(path, Buffer.alloc(2 * MiB));
  // Slowly enough to be looked at.
  const child = firn.start('upload', '--gentle', '--limit', `${64 * KiB}`, '--vault', 'photos', path);
  await vi.waitFor(
    () => {
      expect(niceValues(child.pid).filter((nice) => nice === 19)).toHaveLength(1);
    },
    { timeout: 20_000, interval: 20 },
  );
  expect(niceValues(child.pid)[0]).toBeLessThan(19);
});

/** Of the threads of a process, the main one first. */
function niceValues(pid = 0): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .toSorted((a, b) => Number(a) - Number(b))
    .map((task) => {
      const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    });
}
