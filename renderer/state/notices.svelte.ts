import { explain, type Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';

export type Notice = { id: number; tone: 'done' | 'problem'; title: string; remedy: string | null };

const STAY_MS = 7 * SECOND;

/** Short messages at the edge of the window. Good news goes by itself; problems stay until they are dismissed. */
export class Notices {
  #next = 1;
  #all = $state.raw<readonly Notice[]>([]);

  get all(): readonly Notice[] {
    return this.#all;
  }

  tell(title: string, remedy: string | null = null): void {
    const id = this.#add({ tone: 'done', title, remedy });
    setTimeout(() => {
      this.dismiss(id);
    }, STAY_MS);
  }

  warn(failure: Failure): void {
    const said = explain(failure);
    if (!this.#all.some(({ title }) => title === said.title)) this.#add({ tone: 'problem', ...said });
  }

  dismiss(id: number): void {
    this.#all = this.#all.filter((notice) => notice.id !== id);
  }

  #add(notice: Omit<Notice, 'id'>): number {
    const id = this.#next++;
    this.#all = [...this.#all, { id, ...notice }];
    return id;
  }
}
