import { plural } from '../../shared/words.ts';
import { SECOND } from '../../shared/units.ts';

const GATHER_MS = 3 * SECOND;

/** Says changes of state to screen readers: several within a moment become one sentence. */
export class Announcer<S extends string> {
  readonly #noun: string;
  /** What is said of which standing; of the others nothing is. */
  readonly #words: Partial<Record<S, string>>;
  #said = $state('');
  #pending: { name: string; words: string }[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(noun: string, words: Partial<Record<S, string>>) {
    this.#noun = noun;
    this.#words = words;
  }

  get said(): string {
    return this.#said;
  }

  hear(name: string, standing: S): void {
    const words = this.#words[standing];
    if (words === undefined) return;
    this.#pending.push({ name, words });
    this.#timer ??= setTimeout(() => {
      this.#speak();
    }, GATHER_MS);
  }

  #speak(): void {
    const heard = this.#pending;
    this.#pending = [];
    this.#timer = null;
    const [only] = heard;
    this.#said = heard.length === 1 && only ? `${only.name}: ${only.words}` : this.#summary(heard);
  }

  #summary(heard: readonly { words: string }[]): string {
    return Object.values<string | undefined>(this.#words)
      .filter((words) => words !== undefined)
      .map((words) => ({ words, count: heard.filter((one) => one.words === words).length }))
      .filter(({ count }) => count > 0)
      .map(
        ({ words, count }) => `${plural(count, this.#noun)} ${count > 1 ? words.replace(/^needs /, 'need ') : words}`,
      )
      .join(', ');
  }
}
