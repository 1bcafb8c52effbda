import { join } from 'node:path';
import type { NoticeBody } from '../../shared/notice.ts';
import type { Relocated } from '../../shared/relocation.ts';
import { type Result, fail } from '../../shared/result.ts';
import { SECOND } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { isSameMoment } from '../core/file-time.ts';
import type { Clock, SourceFile, SourceFiles } from '../core/ports.ts';
import type { Upload } from '../core/store-ports.ts';
import { commonMove, endsOf } from './moved-path.ts';
import type { Relocation } from './relocate.ts';

export type ElsewherePorts = {
  uploads: {
    get: (id: UploadId) => Upload | null;
    onChange: (listener: (changed: readonly UploadId[]) => void) => () => void;
  };
  files: Pick<SourceFiles, 'identify' | 'foldsCase'>;
  relocation: Pick<Relocation, 'move'>;
  /** Where drives are mounted now. */
  volumes: () => Promise<readonly string[]>;
  clock: Clock;
  tell: (notice: Elsewhere | null) => void;
  /** A look has failed for another reason than what files and volumes may answer. */
  onError: (error: unknown) => void;
};

export type Elsewhere = Extract<NoticeBody, { kind: 'files-elsewhere' }>;

const LOOK_MS = 20 * SECOND;

/**
 * Looks whether the drive of a missing file is mounted under another name, and offers to go on there. That it is the same drive
 * only the person knows: a second drive with the same files is just as good a guess.
 */
export class ElsewhereWatch {
  readonly #ports: ElsewherePorts;
  readonly #unsubscribe: () => void;
  /** One of those that wait; what moved with it follows. */
  #missing: UploadId | null = null;
  #offered: Elsewhere | null = null;
  #stopWaiting: () => void = () => undefined;
  #isClosed = false;

  constructor(ports: ElsewherePorts) {
    this.#ports = ports;
    this.#unsubscribe = ports.uploads.onChange((changed) => {
      const id = changed.at(-1);
      if (this.#missing === null && id !== undefined && isMissing(ports.uploads.get(id))) this.#missing = id;
    });
    this.#wait();
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#stopWaiting();
  }

  /** Takes up what was offered last. */
  async goOnThere(): Promise<Result<Relocated>> {
    if (!this.#offered) return fail({ kind: 'not-found', what: 'The drive' });
    const { from, to } = this.#offered;
    const moved = await this.#ports.relocation.move(from, to);
    this.#offer(null);
    return moved;
  }

  /** Looks once. One look at a time: where a drive never answers, no more than one thread waits for it. */
  async look(): Promise<void> {
    const upload = this.#missing === null ? null : this.#ports.uploads.get(this.#missing);
    if (!isMissing(upload)) this.#missing = null;
    const found = isMissing(upload) ? await this.#find(upload) : null;
    if (!this.#isClosed) this.#offer(found);
  }

  #wait(): void {
    this.#stopWaiting = this.#ports.clock.after(LOOK_MS, () => {
      void this.look()
        .catch(this.#ports.onError)
        .finally(() => {
          if (!this.#isClosed) this.#wait();
        });
    });
  }

  async #find({ path, identity }: SourceFile): Promise<Elsewhere | null> {
    const { volumes, files } = this.#ports;
    for (const volume of await volumes()) {
      for (const end of endsOf(path)) {
        const candidate = join(volume, end);
        const found = await files.identify(candidate);
        const isSame =
          found.ok && found.value.size === identity.size && isSameMoment(found.value.modifiedNs, identity.modifiedNs);
        if (isSame) return { kind: 'files-elsewhere', ...commonMove(path, candidate, files.foldsCase) };
      }
    }
    return null;
  }

  #offer(found: Elsewhere | null): void {
    // What the user has dismissed comes back only when it is another.
    if (found?.from === this.#offered?.from && found?.to === this.#offered?.to) return;
    this.#offered = found;
    this.#ports.tell(found);
  }
}

function isMissing(upload: Upload | null): upload is Upload {
  const hold = upload?.hold;
  return hold?.kind === 'backoff' && (hold.failure.kind === 'source-missing' || hold.failure.kind === 'drive-missing');
}
