/** The characters of 0x80 to 0x9f, in which Windows-1252 differs from Latin-1; the five that it does not have stay controls. */
const SPECIAL = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Text in Windows-1252. Not by TextDecoder, which takes it for Latin-1 in many versions of Node. */
export function decodeWindows1252(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte >= 0x80 && byte <= 0x9f ? SPECIAL.charAt(byte - 0x80) : String.fromCharCode(byte);
  }
  return text;
}
