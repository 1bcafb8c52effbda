import { constants } from 'node:fs';
import { open, rename, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Undone } from '../../shared/retrieval.ts';
import type { FileIdentity, Placed } from '../retrievals/ports.ts';
import { createOnce, nameOnce, syncFolderOf } from '../files/naming.ts';
import { NO_LINK } from '../files/no-link.ts';
import { patientlyAsync } from '../files/patiently.ts';
import { targetFailure } from './failure.ts';
import { identityOf } from './identity.ts';

export async function create(path: string): Promise<Result<FileIdentity | null>> {
  try {
    return ok(await reserve(path));
  } catch (error) {
    return fail(targetFailure(error, path, dirname(path)));
  }
}

export async function place(
  from: string,
  to: string,
  { replace, modifiedNs }: { replace: boolean; modifiedNs: string | null },
): Promise<Result<Placed>> {
  try {
    const undone: Undone[] = (await setTime(from, modifiedNs)) ? [] : ['time'];
    await syncFile(from);
    if (replace) await patientlyAsync(() => rename(from, to));
    else if (!(await nameOnce(from, to))) return ok('taken');
    if (!(await syncFolderOf(to))) undone.push('folder-sync');
    return ok({ undone });
  } catch (error) {
    return fail(targetFailure(error, to, dirname(to)));
  }
}

async function reserve(path: string): Promise<FileIdentity | null> {
  const handle = await createOnce(path);
  if (!handle) return null;
  try {
    await handle.sync();
    return identityOf(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

/** False where the drive refuses: some network drives let only the owner set times. The bytes are all there. */
async function setTime(path: string, modifiedNs: string | null): Promise<boolean> {
  if (modifiedNs === null) return true;
  const seconds = Number(BigInt(modifiedNs) / 1_000_000n) / 1000;
  return utimes(path, seconds, seconds).then(
    () => true,
    () => false,
  );
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDWR | NO_LINK);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
