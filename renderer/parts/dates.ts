const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const dateOnly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `3 Nov 2026, 14:02`, in the computer's time zone. */
export function formatDateTime(ms: number): string {
  return dateAndTime.format(ms);
}

/** `3 Nov 2026`. */
export function formatDate(ms: number): string {
  return dateOnly.format(ms);
}

/** `14:02:09`. */
export function formatTime(ms: number): string {
  return timeOfDay.format(ms);
}
