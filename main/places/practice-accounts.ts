import type { AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import type { AccountStore } from '../store/accounts.ts';
import type { Destinations } from './destinations.ts';

type Ports = {
  store: Pick<AccountStore, 'list'>;
  waits: { hold(id: AccountId, failure: Failure): void };
  log: (message: string, details: Record<string, unknown>) => void;
};

/** The accounts that practise. Their service runs inside Firn, and its trouble is theirs alone. */
export class PracticeAccounts {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Starts their service, when there are any. */
  async start(destinations: Pick<Destinations, 'startPractice'>): Promise<void> {
    if (this.#ids().length === 0) return;
    const absent = await destinations.startPractice();
    if (absent) this.hold(absent);
  }

  /** Their service does not run. */
  hold(failure: Failure): void {
    this.#ports.log('practice vault does not run', { failure });
    for (const id of this.#ids()) this.#ports.waits.hold(id, failure);
  }

  #ids(): AccountId[] {
    return this.#ports.store.list().flatMap(({ id, source }) => (source.kind === 'practice' ? id : []));
  }
}
