import { existsSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { runCommandLine } from '../support/electron-app.ts';

test('the program is the command line after --cli, without a display', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const version = await runCommandLine({ dataFolder }, ['--version']);
  expect(version).toMatchObject({ code: 0, output: expect.stringMatching(/^firn \d+\.\d+\.\d+\n$/) });
  expect(existsSync(dataFolder)).toBe(false);

  const nothing = await runCommandLine({ dataFolder }, ['queue', '--json']);
  expect(nothing.code).toBe(1);
  expect(JSON.parse(nothing.output)).toMatchObject({ event: 'error' });

  expect((await runCommandLine({ dataFolder }, ['pause', '--all'])).code).toBe(0);
  expect(existsSync(`${dataFolder}/firn.db`)).toBe(true);
  // What Chromium would read for itself is Firn's to refuse.
  expect((await runCommandLine({ dataFolder }, ['queue', '--user-data-dir=/tmp/x'])).code).toBe(2);
});
