import type { Changes, Snapshot } from '../shared/contract.ts';
import type { UploadId, UploadView } from '../shared/upload.ts';
import type { UploadStore } from './store/uploads.ts';

const GATHER_MS = 100;

/** Runs what nobody waits for, and takes care of what it throws. */
export type Guard = (act: () => void) => void;

/** Tells the window what changed in the queue, gathered, so that a busy queue does not flood it. */
export class UploadsFeed {
  readonly #uploads: UploadStore;
  readonly #emit: (changes: Changes<UploadView>) => void;
  readonly #changed = new Set<UploadId>();
  readonly #removed = new Set<UploadId>();
  readonly #guard: Guard;
  readonly #unsubscribe: () => void;
  #version = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(uploads: UploadStore, emit: (changes: Changes<UploadView>) => void, guard: Guard) {
    this.#uploads = uploads;
    this.#emit = emit;
    this.#guard = guard;
    this.#unsubscribe = uploads.onChange((changed, removed) => {
      this.#gather(changed, removed);
    });
  }

  /** All uploads as they are now; changes that are sent later have a later version. */
  snapshot(): Snapshot<UploadView> {
    return { version: this.#version, items: this.#uploads.list() };
  }

  close(): void {
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #gather(changed: readonly UploadId[], removed: readonly UploadId[]): void {
    for (const id of changed) this.#changed.add(id);
    for (const id of removed) this.#removed.add(id);
    this.#timer ??= setTimeout(() => {
      this.#guard(() => {
        this.#flush();
      });
    }, GATHER_MS).unref();
  }

  #flush(): void {
    this.#timer = null;
    this.#version += 1;
    const changes = {
      version: this.#version,
      items: this.#uploads.views([...this.#changed]),
      removed: [...this.#removed],
    };
    this.#changed.clear();
    this.#removed.clear();
    this.#emit(changes);
  }
}
