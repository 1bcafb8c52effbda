import { type XmlElement, UnexpectedXml, textOf } from './xml.ts';

/** A key as a list gives it: percent-encoded with `+` for blanks when that was asked for and the service says that it does so. */
export function decodeKey(list: XmlElement, key: string): string {
  if (textOf(list, 'EncodingType') !== 'url') return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw new UnexpectedXml('it has a key that is not encoded as it says');
  }
}
