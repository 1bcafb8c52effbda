import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FILE } from '../files/private.ts';

/** How the last run ended, as far as the database is concerned. */
export type LastEnd = 'clean' | 'unclean' | 'damage-seen';

const UNCLEAN = 'Firn is running, or ended without closing its database. The next start checks the database.\n';
const DAMAGE_SEEN = 'The database was seen to be damaged. The next start checks all of it.\n';

/** A file that lies beside the database while it is in use, so that the next start knows whether to check it. */
export class CheckMark {
  readonly #file: string;
  #damageSeen = false;

  constructor(folder: string) {
    this.#file = join(folder, 'unclean');
  }

  lastEnd(): LastEnd {
    try {
      return readFileSync(this.#file, 'utf8') === DAMAGE_SEEN ? 'damage-seen' : 'unclean';
    } catch {
      return 'clean';
    }
  }

  begin(): void {
    this.#write(UNCLEAN);
  }

  /** Counts also when the database is closed in good order afterwards. */
  seeDamage(): void {
    this.#damageSeen = true;
    this.#write(DAMAGE_SEEN);
  }

  end(): void {
    if (!this.#damageSeen) rmSync(this.#file, { force: true });
  }

  /** A full disk is no reason not to start; SQLite's own log tells of an unclean end, too. */
  #write(text: string): void {
    try {
      writeFileSync(this.#file, text, { mode: PRIVATE_FILE });
    } catch {
      // The next start checks less than it might.
    }
  }
}
