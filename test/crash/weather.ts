import type { VaultOperation } from '../../main/practice/vaults/protocol/routes.ts';
import type { SeededRandom } from './random.ts';

/**
 * What goes wrong with one request. Unless it says otherwise, the service does not get to see the request.
 * - `lost`: the connection breaks before the request is through
 * - `answer lost`: the service does as it is asked, and the connection breaks before it can say so
 * - `500`, `503`, `throttled`, `timed out`: Amazon's refusals that waiting cures
 * - `500 afterwards`: the service does as it is asked and answers 500
 * - `wrong hash`: the service does as it is asked, and its answer confirms another tree hash
 * - `cut off`: the service does as it is asked, and the connection breaks in the middle of the answer
 * - `forgotten`: complete, asked once more, is answered with 404, as Glacier does after "a short period"
 */
export type Fault =
  | 'lost'
  | 'answer lost'
  | '500'
  | '503'
  | 'throttled'
  | 'timed out'
  | '500 afterwards'
  | 'wrong hash'
  | 'cut off'
  | 'forgotten';

const common: readonly Fault[] = [
  ...(['lost', 'lost', 'answer lost', 'answer lost', 'answer lost'] as const),
  ...(['500', '503', 'throttled', 'timed out', '500 afterwards'] as const),
];

/** Decides which requests go wrong. */
export class Weather {
  readonly counts = new Map<Fault, number>();
  readonly #random: SeededRandom;
  readonly #spared: readonly VaultOperation[];
  #rate = 0;

  /** `spared`: requests that nothing happens to. */
  constructor(random: SeededRandom, spared: readonly VaultOperation[] = []) {
    this.#random = random;
    this.#spared = spared;
  }

  /** Fine for most lives of Firn, more or less stormy for the others. */
  change(): void {
    this.#rate = this.#random.chance(0.55) ? 0 : this.#random.pick([0.03, 0.1, 0.3]);
  }

  clear(): void {
    this.#rate = 0;
  }

  /** `completed`: the multipart upload is an archive already. */
  next(operation: VaultOperation, completed: boolean): Fault | null {
    const fault = this.#spared.includes(operation) ? null : this.#choose(operation, completed);
    if (fault) this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return fault;
  }

  /** Milliseconds that an answer takes beyond what the service needs. */
  delayMs(): number {
    return this.#random.chance(0.3) ? this.#random.between(1, 40) : 0;
  }

  #choose(operation: VaultOperation, completed: boolean): Fault | null {
    const isComplete = operation === 'CompleteMultipartUpload';
    if (isComplete && completed && this.#rate > 0 && this.#random.chance(0.35)) return 'forgotten';
    // What happens around the last request matters most.
    if (!this.#random.chance(isComplete ? this.#rate * 2 : this.#rate)) return null;
    if (isComplete && this.#random.chance(0.4)) return 'answer lost';
    if (operation === 'GetJobOutput') return this.#random.pick([...common, 'wrong hash', 'cut off', 'cut off']);
    const hasHash = isComplete || operation === 'UploadMultipartPart';
    return this.#random.pick(hasHash ? [...common, 'wrong hash'] : common);
  }
}
