import type { VaultOperation } from '../../main/practice/vaults/protocol/routes.ts';

/** A request of Firn's as it was seen on the wire. It changes until its answer has gone out. */
export type Asked = {
  operation: VaultOperation;
  vault: string;
  /** Of the archive, job or upload that it is about; empty without one. */
  id: string;
  /** "first-last", of a part or an output; null for all of it. */
  range: string | null;
  /** The vault did as it was asked, whether or not Firn got to know. */
  isDone: boolean;
  /** The inventory job that it has begun. */
  inventoryJobId: string | null;
  /** All of a true answer went out. */
  isDelivered: boolean;
};
