import { readFile, readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Where the drives of this computer that come and go are mounted now; folders of a network are not among them on Linux. */
export async function mountedVolumes(): Promise<string[]> {
  switch (process.platform) {
    case 'win32':
      return existing(Array.from({ length: 26 }, (_, index) => `${String.fromCharCode(65 + index)}:\\`));
    case 'darwin':
      return (await readdir('/Volumes').catch(() => [])).map((name) => join('/Volumes', name));
    default:
      return volumesIn(await readFile('/proc/self/mounts', 'utf8').catch(() => ''));
  }
}

/** The one of the volumes that the path is on; empty when it is on none. */
export function volumeOf(path: string, volumes: readonly string[]): string {
  const own = volumes.filter((volume) => path.startsWith(volume.endsWith(sep) ? volume : volume + sep));
  return own.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** Of the system's table of mounts: what is made of a device. Whoever looks into a network folder may wait for ever. */
export function volumesIn(mounts: string): string[] {
  const volumes = mounts.split('\n').flatMap((line) => {
    const [device = '', folder = ''] = line.split(' ').map(unescaped);
    const isDrive = device.startsWith('/dev/') && !device.startsWith('/dev/loop');
    return isDrive && !/^\/(?:$|boot|efi|etc|nix|snap|usr|var)/.test(folder) ? [folder] : [];
  });
  return [...new Set(volumes)];
}

/** `/media/my\040drive`: blanks and backslashes stand there as octal numbers. */
function unescaped(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

async function existing(folders: readonly string[]): Promise<string[]> {
  const there = await Promise.all(
    folders.map((folder) =>
      stat(folder).then(
        () => true,
        () => false,
      ),
    ),
  );
  return folders.filter((_, index) => there[index]);
}
