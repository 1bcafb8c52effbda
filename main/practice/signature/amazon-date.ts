/** `20121108T031804Z`, to the second. */
export function formatAmazonDate(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.\d{3}/, '')
    .replace(/[-:]/g, '');
}

/** Milliseconds since 1970; null when the text is no such date. */
export function parseAmazonDate(text: string): number | null {
  const ms = Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(ms) || formatAmazonDate(ms) !== text ? null : ms;
}
