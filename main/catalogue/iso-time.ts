import { isoTime } from '../../shared/clamped-time.ts';

const SECOND_NS = 1_000_000_000n;

/** `2013-01-02T03:04:05.123456789Z`. @param nanoseconds since 1970; beyond the years of four digits, the nearest is told. */
export function writeNanoseconds(nanoseconds: string): string {
  const whole = BigInt(nanoseconds);
  const rest = ((whole % SECOND_NS) + SECOND_NS) % SECOND_NS;
  const seconds = isoTime(Number((whole - rest) / SECOND_NS) * 1000).replace(/\.\d+Z$/, '');
  return `${seconds}.${rest.toString().padStart(9, '0')}Z`;
}

const pattern =
  /^((?:\d{4}|[+-]\d{6})-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9})\d*)?(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?)?$/i;

/**
 * Nanoseconds since 1970 from ISO 8601, also with a blank, and without a zone, which then is UTC, or a time, which then is
 * the beginning of the day; null for anything else.
 */
export function readNanoseconds(text: string): string | null {
  const [, date, time = '00:00', fraction = '', zone = 'Z'] = pattern.exec(text.trim()) ?? [];
  if (date === undefined) return null;
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...):?/, '$1:') : 'Z';
  const ms = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${offset}`);
  if (Number.isNaN(ms)) return null;
  return (BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))).toString();
}

/** Milliseconds since 1970 of a time in nanoseconds, rounded down. */
export function milliseconds(nanoseconds: string): number {
  return Math.floor(Number(BigInt(nanoseconds) / 1000n) / 1000);
}
