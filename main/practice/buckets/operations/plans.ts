import { MiB } from '../../../../shared/units.ts';
import { ok } from '../../../../shared/result.ts';
import type { BodyPlan, Operation, Outcome, Service, Call } from '../protocol/call.ts';

const SMALL: BodyPlan = { kind: 'small', needsChecksum: false, maxLength: 1 * MiB };

/** An operation without a body, or with one of a few words. */
export function simple(perform: (service: Service, call: Call) => Outcome | Promise<Outcome>): Operation {
  return { plan: () => ok(SMALL), perform };
}

/** An operation whose body has to come with its checksum. */
export function checked(perform: (service: Service, call: Call) => Outcome | Promise<Outcome>): Operation {
  return { plan: () => ok({ ...SMALL, needsChecksum: true }), perform };
}
