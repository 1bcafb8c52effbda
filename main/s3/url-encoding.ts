import { type XmlElement, UnexpectedXml, textOf } from './xml.ts';

/** A key as a list gives it: percent-encoded with `+` for blanks when that was asked for and the service says that it does so. */
export function decodeKey(list: XmlElement, key: string): string {
  if (textOf(list, 'EncodingType') !== 'url') return key;
  const decoded = decode(key);
  if (decoded === null) throw new UnexpectedXml('it has a key that is not encoded as it says');
  return decoded;
}

/** Whether a list means this key. Ceph encodes the keys of uploads, and does not say so. */
export function isKey(told: string, key: string): boolean {
  return told === key || decode(told) === key;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
