/** Formats have years of four digits, while file systems and other programs tell stranger ones. */
const EARLIEST = Date.parse('0000-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** ISO 8601, UTC, of milliseconds since 1970 from wherever: what no year of four digits holds is told as the nearest that does. */
export function isoTime(ms: number): string {
  return new Date(Math.min(LATEST, Math.max(EARLIEST, ms))).toISOString();
}
