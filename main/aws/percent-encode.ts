/** RFC 3986: everything but letters, digits and `-_.~`, as the canonical form of a signature has it. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The same for each of these, with slashes between them. */
export function encodedPath(segments: readonly string[]): string {
  return segments.map(percentEncode).join('/');
}
