import { type XmlElement, isTrueIn, optionalText } from './xml.ts';

/** Of a copy that was asked for. `endsAt`: milliseconds since 1970; null when it stays. */
export type RestoreState = { kind: 'in-progress' } | { kind: 'ready'; endsAt: number | null };

/** `x-amz-restore`: `ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"`. Null when nothing was asked for. */
export function restoreInHeader(header: string | undefined): RestoreState | null {
  const fields = new Map(
    Array.from((header ?? '').matchAll(/([\w-]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  );
  const isOngoing = fields.get('ongoing-request');
  if (isOngoing === undefined) return null;
  return isOngoing === 'true'
    ? { kind: 'in-progress' }
    : { kind: 'ready', endsAt: timeOrNull(fields.get('expiry-date')) };
}

/** The same in an entry of a list. */
export function restoreInEntry(status: XmlElement | null): RestoreState | null {
  if (status === null) return null;
  if (isTrueIn(status, 'IsRestoreInProgress')) return { kind: 'in-progress' };
  const ends = optionalText(status, 'RestoreExpiryDate');
  return ends === null ? null : { kind: 'ready', endsAt: timeOrNull(ends) };
}

function timeOrNull(text: string | undefined): number | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : ms;
}
