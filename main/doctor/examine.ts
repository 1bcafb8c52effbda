import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../shared/account.ts';
import type { Checkup } from '../../shared/checkup.ts';
import type { Surface } from '../../shared/failure-words/wording.ts';
import { MINUTE } from '../../shared/units.ts';
import type { Service } from '../places/destinations.ts';
import { localFiles } from '../files/local-files.ts';
import { checkUp } from './check-up.ts';

const PATIENCE_MS = 2 * MINUTE;

/** The check-up, with a file made for it. */
export async function examine(
  account: Account,
  vaults: readonly string[],
  service: Service,
  surface: Surface,
): Promise<Checkup> {
  const folder = await mkdtemp(join(tmpdir(), 'firn-doctor-'));
  try {
    const path = join(folder, 'one-byte');
    await writeFile(path, 'x');
    const identity = await localFiles.identify(path);
    if (!identity.ok) throw new Error(`The temporary file ${path} cannot be read`);
    const file = { path, identity: identity.value };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return await checkUp({ account, service, vaults, file, surface }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
