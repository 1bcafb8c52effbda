import { KiB, MiB } from '../../shared/units.ts';

/** The slowest and the fastest limit that main takes, in bytes per second. */
const SLOWEST = 1 * KiB;
const FASTEST = 1e12;

/** Bytes per second as a number of MiB per second, short enough for a field. */
export function rateText(bytesPerSecond: number): string {
  return String(Number((bytesPerSecond / MiB).toPrecision(4)));
}

/** What was typed as MiB per second, in bytes per second within the limits; null when it is no rate. */
export function parseRate(text: string): number | null {
  const typed = Number(text.trim().replace(',', '.'));
  if (!(typed > 0)) return null;
  return Math.round(Math.min(FASTEST, Math.max(SLOWEST, typed * MiB)));
}
