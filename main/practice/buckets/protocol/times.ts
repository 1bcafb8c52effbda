/** `2026-11-30T12:00:00.000Z`: S3 keeps no fractions of seconds. */
export function xmlTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** `Mon, 30 Nov 2026 12:00:00 GMT` */
export function httpTime(ms: number): string {
  return new Date(ms).toUTCString();
}
