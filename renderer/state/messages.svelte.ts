import { explain, type Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';

export type Message = { id: number; tone: 'done' | 'problem'; title: string; remedy: string | null };

const STAY_MS = 7 * SECOND;

/** Short messages at the edge of the window. Good news goes by itself; problems stay until they are dismissed. */
export class Messages {
  #next = 1;
  #all = $state.raw<readonly Message[]>([]);

  get all(): readonly Message[] {
    return this.#all;
  }

  tell(title: string, remedy: string | null = null): void {
    const id = this.#add({ tone: 'done', title, remedy });
    setTimeout(() => {
      this.dismiss(id);
    }, STAY_MS);
  }

  warn(failure: Failure): void {
    const said = explain(failure, 'window', 'request');
    if (!this.#all.some(({ title }) => title === said.title)) this.#add({ tone: 'problem', ...said });
  }

  dismiss(id: number): void {
    this.#all = this.#all.filter((message) => message.id !== id);
  }

  #add(message: Omit<Message, 'id'>): number {
    const id = this.#next++;
    this.#all = [...this.#all, { id, ...message }];
    return id;
  }
}
