import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packWindowsZip } from '../support/packages/assemble.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.skipIf(!existsSync('/usr/bin/7za'))(
  'the zip for Windows is portable, and what the installer is made from is not',
  async () => {
    const { zip, unpacked } = await packWindowsZip(temporaryFolder());
    const listed = execFileSync('/usr/bin/7za', ['l', '-ba', '-slt', zip], { encoding: 'utf8' });
    const names = [...listed.matchAll(/^Path = (.+)$/gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(['Firn.exe', 'firn.cmd', 'portable.txt', 'resources/app.asar']));
    expect(existsSync(join(unpacked, 'Firn.exe'))).toBe(true);
    expect(existsSync(join(unpacked, 'portable.txt'))).toBe(false);
  },
);
