import type { Bridge } from '../../shared/bridge.ts';
import type { AccountView, Commands } from '../../shared/contract.ts';
import { type ProfileService, endpointInForce, ownService } from '../../shared/endpoints.ts';
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
  /** What the profile says of the service. */
  service = $state.raw<ProfileService>(ownService);
  /** The form was sent at least once, so what is missing is said. */
  #asked = $state(false);
  #busy = $state(false);
  #failure = $state.raw<Failure | null>(null);

  /** The address that the account would get. */
  readonly #endpoint = $derived(
    endpointInForce(this.endpointUrl.trim() || null, this.way === 'profile' ? this.service : ownService, this.region),
  );
  readonly endpointProblem: string | null = $derived(this.#endpoint.ok ? null : this.#endpoint.failure);
  /** The address that comes from the profile; null when it names none. */
  readonly endpointOfProfile: string | null = $derived(
    this.endpointUrl.trim() === '' && this.#endpoint.ok ? this.#endpoint.value : null,
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
    const endpointUrl = this.#endpoint.ok ? this.#endpoint.value : null;
    const { region, profile } = this;
    if (this.way === 'profile')
      return { kind: 'profile', name: this.name.trim() || profile, profile, region, endpointUrl };
    return { kind: 'keys', name: this.name.trim() || 'My account', ...this.keys.value(), region, endpointUrl };
  }
}
