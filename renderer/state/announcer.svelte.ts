import { plural, type Standing } from '../../shared/words.ts';
import { SECOND } from '../../shared/units.ts';

const GATHER_MS = 3 * SECOND;

/** Says changes of state to screen readers: several within a moment become one sentence. */
export class Announcer {
  #said = $state('');
  #pending: { name: string; standing: Standing }[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  get said(): string {
    return this.#said;
  }

  hear(name: string, standing: Standing): void {
    if (standing === 'running' || standing === 'waiting') return;
    this.#pending.push({ name, standing });
    this.#timer ??= setTimeout(() => {
      this.#speak();
    }, GATHER_MS);
  }

  #speak(): void {
    const heard = this.#pending;
    this.#pending = [];
    this.#timer = null;
    const [only] = heard;
    this.#said =
      heard.length === 1 && only ? `${only.name}: ${words[only.standing]}` : summary(heard.map((one) => one.standing));
  }
}

const words: Record<Standing, string> = {
  running: 'uploading',
  waiting: 'waiting',
  'needs-you': 'needs you',
  stored: 'stored',
  cancelled: 'cancelled',
};

function summary(standings: Standing[]): string {
  return (['stored', 'needs-you', 'cancelled'] as const)
    .map((standing) => ({ standing, count: standings.filter((one) => one === standing).length }))
    .filter(({ count }) => count > 0)
    .map(
      ({ standing, count }) =>
        `${plural(count, 'upload')} ${standing === 'needs-you' && count > 1 ? 'need you' : words[standing]}`,
    )
    .join(', ');
}
