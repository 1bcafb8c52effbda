import { type Described, described } from '../../../shared/description/described.ts';
import type { NameCodec } from '../../places/ports/name-codec.ts';
import { mtimeOf, timeOf } from '../metadata.ts';
import { keyFor, keyPrefix, readName, writeName } from '../object-name.ts';

/**
 * Names are keys, which other tools see as paths. What a key cannot tell goes into the metadata: the time, and the exact path where
 * the key had to differ from it.
 */
export function bucketNames(prefix: string): NameCodec {
  const before = keyPrefix(prefix);
  return {
    encode({ below, modifiedAt }) {
      const key = keyFor(prefix, below);
      return writeName({ key, mtime: mtimeOf(modifiedAt), ...(key !== before + below && { path: below }) });
    },

    decode(name): Described | null {
      const { key, path, mtime } = readName(name);
      const told = path ?? (key.startsWith(before) ? key.slice(before.length) : key);
      const isFolder = told.endsWith('/') ? true : null;
      return described({
        path: told,
        modifiedAt: mtime === undefined ? null : timeOf(mtime),
        by: 'plain-name',
        isFolder,
      });
    },
  };
}
