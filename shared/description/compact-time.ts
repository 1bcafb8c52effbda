import { isoTime } from '../clamped-time.ts';

/** `20130102T030405Z`. */
export function writeCompactTime(ms: number): string {
  return isoTime(ms).replace(/\.\d+/, '').replace(/[-:]/g, '');
}

/** Milliseconds since 1970; null for what is no time, the 30th of February included. */
export function readCompactTime(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{8}T\d{6}Z$/.test(text)) return null;
  const ms = Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(ms) || writeCompactTime(ms) !== text ? null : ms;
}
