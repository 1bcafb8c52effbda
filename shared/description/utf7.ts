import { decodeBase64 } from './base64.ts';

/** UTF-7 (RFC 2152). What is no UTF-7 stays as it is, since some writers forgot to encode their plus signs. */
export function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)(-?)/g, (whole, digits: string, end: string) => {
    if (digits === '') return end === '-' ? '+' : whole;
    return decodeUtf16(digits) ?? whole;
  });
}

/** Null unless the Base64 is what whole units of UTF-16 come to. */
function decodeUtf16(digits: string): string | null {
  const bytes = decodeBase64(digits);
  if (bytes === null || bytes.length < 2) return null;
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  if (btoa(String.fromCharCode(...whole)).replace(/=+$/, '') !== digits) return null;
  const units = new DataView(whole.buffer, whole.byteOffset, whole.length);
  return String.fromCharCode(...Array.from({ length: whole.length / 2 }, (_, index) => units.getUint16(2 * index)));
}
