import { setTimeout as wait } from 'node:timers/promises';
import type { Acknowledged } from './acknowledged.ts';
import type { Foreigner } from './foreigner.ts';
import type { SeededRandom } from './random.ts';
import type { VaultProcess } from './vault.ts';

export type Misfortune = 'part lost by the vault' | 'multipart upload expired' | 'vault killed';

/** What happens to the vault itself, beside the weather on the line to it. */
export class Misfortunes {
  readonly counts = new Map<Misfortune, number>();
  readonly #random: SeededRandom;
  readonly #vault: VaultProcess;
  readonly #acknowledged: Acknowledged;
  readonly #foreigner: Foreigner;

  constructor(random: SeededRandom, vault: VaultProcess, acknowledged: Acknowledged, foreigner: Foreigner) {
    this.#random = random;
    this.#vault = vault;
    this.#acknowledged = acknowledged;
    this.#foreigner = foreigner;
  }

  /** Between two lives of Firn. `completing`: multipart uploads that were about to be completed, which is worst. */
  async between(completing: readonly string[]): Promise<void> {
    const random = this.#random;
    const target = completing.length > 0 && random.chance(0.8) ? random.pick(completing) : null;
    const choice = random.next();
    if (choice < (target === null ? 0.05 : 0.65)) await this.#losePart(target);
    else if (choice > (target === null ? 0.97 : 0.65)) await this.#expire(target);
  }

  /** While Firn lives; resolves when the vault runs again. */
  async during(): Promise<void> {
    if (!this.#random.chance(0.1)) return;
    await wait(this.#random.between(100, 1500));
    await this.#vault.kill();
    this.#count('vault killed');
    await wait(this.#random.between(10, 600));
    await this.#vault.start();
  }

  async #losePart(target: string | null): Promise<void> {
    await this.#vault.kill();
    const parts = this.#vault.openParts().filter((part) => target === null || part.multipartUploadId === target);
    if (parts.length > 0) {
      const part = this.#random.pick(parts);
      this.#vault.losePart(part);
      this.#acknowledged.partLost(part.multipartUploadId, part.range);
      this.#count('part lost by the vault');
    }
    await this.#vault.start();
  }

  async #expire(target: string | null): Promise<void> {
    const open = target === null ? await this.#foreigner.openMultipartUploads() : [target];
    if (open.length === 0) return;
    if (await this.#foreigner.expire(this.#random.pick(open))) this.#count('multipart upload expired');
  }

  #count(misfortune: Misfortune): void {
    this.counts.set(misfortune, (this.counts.get(misfortune) ?? 0) + 1);
  }
}
