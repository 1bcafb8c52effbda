import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ICruiseResult, cruise } from 'dependency-cruiser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import config from '../../.dependency-cruiser.mjs';

let root = '';
beforeEach(() => {
  // Inside the project, so that the names of packages lead somewhere.
  mkdirSync(resolve('.local/boundaries-test'), { recursive: true });
  root = mkdtempSync(resolve('.local/boundaries-test/tree-'));
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** The names of the rules that the planted files break. */
async function broken(): Promise<string[]> {
  const { cache: _, tsConfig: __, ...options } = config.options ?? {};
  const { output } = await cruise(['main', 'shared', 'renderer', 'test'], {
    ...options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))];
}

describe('an import that crosses a boundary is found', () => {
  beforeEach(() => {
    for (const folder of ['main', 'shared', 'renderer', 'test']) plant(`${folder}/room/empty.ts`, 'export {};\n');
  });

  test.each([
    ['shared/units.ts', '../main/app/open.ts', 'shared imports only what it may'],
    ['renderer/state/list.ts', '../../main/app/open.ts', 'renderer imports only what it may'],
    ['main/engine/backoff.ts', '../store/database.ts', 'engine imports only what it may'],
    ['main/aws/connections.ts', '../glacier/client.ts', 'aws imports only what it may'],
    ['main/glacier/client.ts', '../store/database.ts', 'glacier imports only what it may'],
    ['main/files/walk.ts', '../store/database.ts', 'files imports only what it may'],
    ['main/transfer/worker.ts', '../app/open.ts', 'transfer imports only what it may'],
    ['main/practice/server.ts', '../glacier/client.ts', 'practice imports only what it may'],
    ['main/store/uploads.ts', '../uploads/worker.ts', 'store imports only what it may'],
    ['main/places/ports/port.ts', '../accounts.ts', 'places/ports imports only what it may'],
    ['main/app/open.ts', '../../test/support/world.ts', 'the product does not import its tests and tools'],
    ['main/open.ts', './app/app.ts', 'no file lies loose in main'],
    ['main/app/open.ts', 'electron', 'only desktop knows Electron'],
  ])('from %s to %s', async (file, to, rule) => {
    if (to.startsWith('.')) plant(join(dirname(file), to), 'export type Thing = 1;\n');
    // For a type alone, which leaves no trace in what is built.
    plant(file, `import type { Thing } from '${to}';\nexport type Other = Thing;\n`);
    expect(await broken()).toEqual([rule]);
  });

  test('in a circle of types', async () => {
    plant('main/app/one.ts', "import type { Two } from './two.ts';\nexport type One = Two | 1;\n");
    plant('main/app/two.ts', "import type { One } from './one.ts';\nexport type Two = One | 2;\n");
    expect(await broken()).toEqual(['no import runs in a circle']);
  });
});
