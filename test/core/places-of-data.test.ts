import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placesOfData } from '../../main/app/places-of-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const linux = { platform: 'linux', env: {}, home: '/home/ana', program: '/opt/Firn/firn' } as const;
const nowhere = { program: null, home: '/home/ana' } as const;

test('on Linux data lie where the XDG specification says, and caches apart', () => {
  expect(placesOfData(linux)).toEqual({
    data: '/home/ana/.local/share/firn',
    cache: '/home/ana/.cache/firn',
    former: '/home/ana/.config/Firn',
  });
  const env = { XDG_DATA_HOME: '/big/data', XDG_CACHE_HOME: '/fast', XDG_CONFIG_HOME: 'relative' };
  expect(placesOfData({ ...linux, env })).toEqual({
    data: '/big/data/firn',
    cache: '/fast/firn',
    former: '/home/ana/.config/Firn',
  });
});

test('on Windows data lie in the folder of this computer, not in the one that roams', () => {
  const env = { LOCALAPPDATA: '/local', APPDATA: '/roaming' };
  expect(placesOfData({ ...nowhere, platform: 'win32', env })).toEqual({
    data: join('/local', 'Firn', 'Data'),
    cache: join('/local', 'Firn', 'Chromium'),
    former: join('/roaming', 'Firn'),
  });
});

test('on macOS data lie in Application Support, and caches in Caches', () => {
  expect(placesOfData({ ...nowhere, platform: 'darwin', env: {}, home: '/Users/ana' })).toEqual({
    data: '/Users/ana/Library/Application Support/Firn',
    cache: '/Users/ana/Library/Caches/Firn',
    former: null,
  });
});

test('FIRN_DATA decides before all else, and an empty one says nothing', () => {
  const chosen = { data: '/chosen', cache: '/chosen/chromium', former: null };
  expect(placesOfData({ ...linux, env: { FIRN_DATA: '/chosen' } })).toEqual(chosen);
  expect(placesOfData({ ...linux, env: { FIRN_DATA: '' } }).data).toBe('/home/ana/.local/share/firn');
});

test('a portable Firn keeps its data beside the program, or beside its AppImage', () => {
  const folder = temporaryFolder();
  const program = join(folder, 'Firn.exe');
  expect(placesOfData({ ...linux, program }).data).toBe('/home/ana/.local/share/firn');
  writeFileSync(join(folder, 'portable.txt'), '');
  const beside = { data: join(folder, 'Firn Data'), cache: join(folder, 'Firn Data', 'chromium'), former: null };
  expect(placesOfData({ ...linux, program })).toEqual(beside);
  expect(placesOfData({ ...linux, platform: 'win32', program })).toEqual(beside);
  mkdirSync(join(folder, 'mounted'));
  const mounted = { ...linux, program: join(folder, 'mounted', 'firn') };
  expect(placesOfData({ ...mounted, env: { APPIMAGE: join(folder, 'Firn.AppImage') } })).toEqual(beside);
  expect(placesOfData({ ...linux, platform: 'darwin', program }).data).not.toContain(folder);
});

test('the mark of a portable Firn means nothing where Node runs the command line', () => {
  expect(placesOfData({ ...linux, program: null }).data).toBe('/home/ana/.local/share/firn');
});
