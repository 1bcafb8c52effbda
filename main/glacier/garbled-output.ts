/** Stops an output that cannot be what was asked for; the message says why. A sink may throw it, too. */
export class GarbledOutput extends Error {
  override name = 'GarbledOutput';
}
