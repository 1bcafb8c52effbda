/** A vault as Glacier describes it. Counts and sizes are as of the last inventory, about a day old. */
export type Vault = {
  name: string;
  arn: string;
  /** Milliseconds since 1970, as all times in Firn. */
  createdAt: number;
  inventoryAt: number | null;
  archives: number;
  /** Bytes, with Glacier's own 32 KiB for each archive. */
  size: number;
};

/** Glacier's rule: 1 to 255 of `a-z A-Z 0-9 _ . -`. */
export function isVaultName(name: string): boolean {
  return /^[A-Za-z0-9_.-]{1,255}$/.test(name);
}
