import type { Bridge } from '../../shared/bridge.ts';
import type { AccountView, Commands } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';
import { KeyEntry } from './key-entry.svelte.ts';

export type Way = 'keys' | 'profile';
type NewAccount = Commands['accounts:add']['input'];

/** A new account as it is being described. Nothing typed is lost when connecting fails. */
export class Connecting {
  readonly #bridge: Bridge;
  readonly keys: KeyEntry;
  way = $state<Way>('keys');
  name = $state('');
  region = $state('us-east-1');
  profile = $state('');
  endpointUrl = $state('');
  /** The form was sent at least once, so what is missing is said. */
  #asked = $state(false);
  #busy = $state(false);
  #failure = $state.raw<Failure | null>(null);

  readonly endpointProblem: string | null = $derived(
    this.endpointUrl.trim() === '' || /^https?:$/.test(protocolOf(this.endpointUrl.trim()))
      ? null
      : 'Type a whole address, such as https://glacier.example.com.',
  );

  constructor(bridge: Bridge, canRemember: boolean) {
    this.#bridge = bridge;
    this.keys = new KeyEntry('', canRemember);
  }

  get asked(): boolean {
    return this.#asked;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** Null when something is missing, when it failed, or while the last attempt runs. */
  async connect(): Promise<AccountView | null> {
    this.#asked = true;
    this.#failure = null;
    if (this.#busy || !this.#complete()) return null;
    this.#busy = true;
    const reply = await this.#bridge.invoke('accounts:add', this.#account());
    this.#busy = false;
    if (reply.ok) return reply.value;
    this.#failure = reply.failure;
    return null;
  }

  #complete(): boolean {
    if (this.endpointProblem !== null) return false;
    return this.way === 'keys' ? this.keys.complete : this.profile !== '';
  }

  #account(): NewAccount {
    const endpointUrl = this.endpointUrl.trim() || null;
    const { region, profile } = this;
    if (this.way === 'profile')
      return { kind: 'profile', name: this.name.trim() || profile, profile, region, endpointUrl };
    return { kind: 'keys', name: this.name.trim() || 'My account', ...this.keys.value(), region, endpointUrl };
  }
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
