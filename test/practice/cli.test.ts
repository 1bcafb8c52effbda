import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PracticeClient } from '../support/practice-client.ts';
import { PRACTICE_PROGRAM as command, startPractice } from '../support/practice-process.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'firn-practice-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The address of a command that ends with the test. */
async function started(folder: string, options: readonly string[] = []): Promise<string> {
  const { url, kill } = await startPractice(folder, options);
  onTestFinished(kill);
  return url;
}

describe('the practice command', () => {
  test('serves what its folder holds, at the address that it prints', async () => {
    const url = await started(temporaryFolder());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await new PracticeClient({ url }).createVault('photos')).status).toBe(201);
  });

  test('misbehaves as a file or an argument says', async () => {
    const folder = temporaryFolder();
    const code = 'ThrottlingException';
    const faults = { script: [{ nth: 1, behaviour: { kind: 'error', when: 'after-body', code, body: 'json' } }] };
    const file = join(folder, 'faults.json');
    writeFileSync(file, JSON.stringify(faults));
    for (const given of [file, JSON.stringify(faults)]) {
      const url = await started(folder, ['--faults', given]);
      const client = new PracticeClient({ url });
      expect((await client.createVault('photos')).json['code']).toBe(code);
      expect((await client.createVault('photos')).status).toBe(201);
    }
  });

  test.each([
    [[], 'Say in which folder'],
    [['--folder', 'x', '--port', '70000'], '"70000" is no port'],
    [['--folder', 'x', '--fast=no'], 'fast'],
    [['--folder', 'x', '--faults', '{'], 'JSON'],
    [['--folder', 'x', '--faults', '{"script":[{"behaviour":{"kind":"explode"}}]}'], 'script'],
  ])('says what is wrong with %j and how it is used', (options, words) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...options], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).toContain('Usage: practice --folder FOLDER');
  });

  test('says why it cannot start', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { status, stderr } = spawnSync(process.execPath, [command, '--folder', file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('The practice vault could not start: ')]);
  });
});
