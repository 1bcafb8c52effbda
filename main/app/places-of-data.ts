import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** What decides where Firn keeps its data. */
export type Surroundings = {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  /** The packaged program; null where Node runs the command line. */
  program: string | null;
};

export type PlacesOfData = {
  /** Queue, catalogue, settings, log. */
  data: string;
  /** What Chromium can make anew. */
  cache: string;
  /** Where an earlier Firn kept its data; null where that is the same folder, or where somebody chose the folder. */
  former: string | null;
};

/** Beside the program, it makes Firn portable: the data lie beside it as well. */
const PORTABLE_MARK = 'portable.txt';
const PORTABLE_DATA = 'Firn Data';

export function surroundings(): Surroundings {
  const program = 'electron' in process.versions ? process.execPath : null;
  return { platform: process.platform, env: process.env, home: homedir(), program };
}

/** The same for the window and the command line. `FIRN_DATA` decides, then the mark of a portable Firn, then the system's rules. */
export function placesOfData(from: Surroundings): PlacesOfData {
  const chosen = from.env['FIRN_DATA'] ?? '';
  if (chosen !== '') return allIn(chosen);
  return portable(from) ?? bySystem(from);
}

function allIn(data: string): PlacesOfData {
  return { data, cache: join(data, 'chromium'), former: null };
}

function portable({ platform, env, program }: Surroundings): PlacesOfData | null {
  // On macOS the program is a bundle, which may be run from a copy that the system made of it.
  if (program === null || platform === 'darwin') return null;
  // An AppImage is run from a folder that is gone afterwards.
  const folder = dirname(env['APPIMAGE'] ?? program);
  return existsSync(join(folder, PORTABLE_MARK)) ? allIn(join(folder, PORTABLE_DATA)) : null;
}

function bySystem({ platform, env, home }: Surroundings): PlacesOfData {
  switch (platform) {
    case 'win32': {
      // Not the roaming folder, which networks copy at each sign-in and keep on shares, where databases come to harm.
      const local = join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Firn');
      const former = join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Firn');
      return { data: join(local, 'Data'), cache: join(local, 'Chromium'), former };
    }
    case 'darwin': {
      const library = join(home, 'Library');
      return {
        data: join(library, 'Application Support', 'Firn'),
        cache: join(library, 'Caches', 'Firn'),
        former: null,
      };
    }
    default: {
      const xdg = (name: string, otherwise: string): string => {
        const named = env[name] ?? '';
        // The specification wants relative paths ignored.
        return isAbsolute(named) ? named : join(home, otherwise);
      };
      return {
        data: join(xdg('XDG_DATA_HOME', '.local/share'), 'firn'),
        cache: join(xdg('XDG_CACHE_HOME', '.cache'), 'firn'),
        former: join(xdg('XDG_CONFIG_HOME', '.config'), 'Firn'),
      };
    }
  }
}
