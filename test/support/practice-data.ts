import { MiB } from '../../shared/units.ts';

/** The k-th MiB is filled with byte k, so that nothing can change places unnoticed. */
export function leaves(size: number): Buffer {
  const data = Buffer.alloc(size);
  for (let k = 0; k * MiB < size; k += 1) data.subarray(k * MiB, (k + 1) * MiB).fill(k);
  return data;
}
