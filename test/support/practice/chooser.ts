import type { LedgerEntry } from '../../../main/practice/ledger.ts';
import { type Behaviour, type Fault, type Faults, everydayBehaviours, everydayBucketBehaviours } from './faults.ts';

type Asked = Pick<LedgerEntry, 'operation' | 'vault' | 'range'> &
  Partial<Pick<LedgerEntry, 'service' | 'bucket' | 'key' | 'partNumber'>>;

/** Decides what befalls each request. */
export class FaultChooser {
  readonly #faults: Faults;
  readonly #met = new Map<Fault, number>();
  readonly #next: () => number;

  constructor(faults: Faults) {
    this.#faults = faults;
    this.#next = randomNumbers(faults.random?.seed ?? 0);
  }

  choose(asked: Asked): Behaviour | null {
    return this.#scripted(asked) ?? this.#random(asked);
  }

  #scripted(asked: Asked): Behaviour | null {
    let chosen: Behaviour | null = null;
    for (const fault of this.#faults.script ?? []) {
      if (!fits(fault, asked)) continue;
      const count = (this.#met.get(fault) ?? 0) + 1;
      this.#met.set(fault, count);
      if (fault.nth === undefined || [fault.nth].flat().includes(count)) chosen ??= fault.behaviour;
    }
    return chosen;
  }

  #random({ operation, service }: Asked): Behaviour | null {
    const { random } = this.#faults;
    if (!random || (random.operations && (operation === null || !random.operations.includes(operation)))) return null;
    if (this.#next() >= random.chance) return null;
    const behaviours = random.behaviours ?? (service === 's3' ? everydayBucketBehaviours : everydayBehaviours);
    return behaviours[Math.floor(this.#next() * behaviours.length)] ?? null;
  }
}

function fits({ range, nth, behaviour, ...named }: Fault, asked: Asked): boolean {
  const names = Object.entries(named) as [keyof typeof named, unknown][];
  return (
    names.every(([name, value]) => value === undefined || value === asked[name]) &&
    (range === undefined || `bytes ${range}/*` === asked.range || `bytes=${range}` === asked.range)
  );
}

/** Numbers from 0 to less than 1; always the same for a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
