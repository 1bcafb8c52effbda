import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Selection, SelectionId } from '../../shared/selection.ts';
import { FailureError } from '../core/failure.ts';

/** More than anybody looks at, few enough to forget about. */
const KEPT = 20;
const SHOWN_NAMES = 20;

/** What the user chose or dropped. The window gets a name for it, never a path that it could make up. */
export class Selections {
  readonly #paths = new Map<SelectionId, readonly string[]>();
  readonly #atWork = new Map<SelectionId, AbortController>();

  keep(paths: readonly string[]): Selection {
    const id = randomUUID() as SelectionId;
    this.#paths.set(id, paths);
    const [oldest] = this.#paths.keys();
    if (this.#paths.size > KEPT && oldest !== undefined) this.#paths.delete(oldest);
    return { id, names: paths.slice(0, SHOWN_NAMES).map((path) => basename(path)) };
  }

  paths(id: SelectionId): readonly string[] {
    const paths = this.#paths.get(id);
    if (!paths) throw new FailureError({ kind: 'not-found', what: 'The selection' });
    return paths;
  }

  /** Whoever does something with it stops when the signal is aborted: another choice was made, or none is wanted any more. */
  begin(id: SelectionId): AbortSignal {
    this.stop(id);
    const controller = new AbortController();
    this.#atWork.set(id, controller);
    return controller.signal;
  }

  stop(id: SelectionId): void {
    this.#atWork.get(id)?.abort();
    this.#atWork.delete(id);
  }

  forget(id: SelectionId): void {
    this.#atWork.delete(id);
    this.#paths.delete(id);
  }
}
