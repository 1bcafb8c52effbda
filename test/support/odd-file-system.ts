import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

type IsOdd = (...args: unknown[]) => boolean;
type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Lets a function of node:fs fail as odd file systems do, for as long as the test runs and `isOdd`, which gets its
 * arguments, says so.
 */
export function oddly(name: 'fsyncSync' | 'renameSync' | 'rmSync' | 'readSync', code: string, isOdd: IsOdd): void {
  replace(fs, name, (real) => (...args) => {
    if (isOdd(...args)) throw failure(code, name);
    return real(...args);
  });
}

/** The same for node:fs/promises. */
export function oddlyAsync(name: 'link' | 'rename' | 'open', code: string, isOdd: IsOdd): void {
  replace(
    promises,
    name,
    (real) =>
      (...args) =>
        isOdd(...args) ? Promise.reject(failure(code, name)) : real(...args),
  );
}

export function isFolder(descriptor: unknown): boolean {
  return fs.fstatSync(descriptor as number).isDirectory();
}

function failure(code: string, name: string): Error {
  return Object.assign(new Error(`${code}: ${name}`), { code });
}

function replace(module: object, name: string, make: (real: AnyFunction) => AnyFunction): void {
  const real = (module as Record<string, AnyFunction>)[name] as AnyFunction;
  const put = (act: AnyFunction): void => {
    Object.assign(module, { [name]: act });
    syncBuiltinESMExports();
  };
  put(make(real));
  onTestFinished(() => {
    put(real);
  });
}
