import { USUAL_WAIT, type Usual } from '../../../shared/retrieval-quote.ts';
import type { Tier } from '../../../shared/tier.ts';
import { DAY, HOUR } from '../../../shared/units.ts';

/** How long a service takes for what it does in its own time. */
export type VaultTimes = {
  /** An inventory asked for this long after a change shows the change, even when its date has not moved. */
  inventoryLagMs: number;
  usualInventoryMs: number;
  usualWait: Readonly<Record<Tier, Usual>>;
};

/**
 * Amazon's. It takes an inventory about once a day, and users report up to a day and a half; twice a day is certain enough to
 * conclude that an archive is absent. Inventory jobs take about as long as Standard retrievals.
 */
export const AMAZON_TIMES: VaultTimes = {
  inventoryLagMs: 2 * DAY,
  usualInventoryMs: 5 * HOUR,
  usualWait: USUAL_WAIT,
};
