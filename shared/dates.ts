/** `3 November 2026 at 14:02`, in the computer's time zone. */
export function longDateTime(ms: number): string {
  return new Date(ms).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
}

/** `2026-11-03 14:02 UTC`. */
export function minuteInUtc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
