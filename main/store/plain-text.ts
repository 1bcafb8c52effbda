/** Text as people look for it: small letters without accents, as the trigram index has it. */
function plain(text: string): string {
  const isAscii = /^[\u0000-\u007f]*$/.test(text);
  return (isAscii ? text : text.normalize('NFD').replace(/\p{M}+/gu, '')).toLowerCase();
}

/** `has_piece(word, text, …)` in SQL: 1 when one of the texts has the word in it, for words too short for the index. */
export function hasPiece(word: unknown, ...texts: unknown[]): number {
  const wanted = plain(String(word));
  return texts.some((text) => typeof text === 'string' && plain(text).includes(wanted)) ? 1 : 0;
}
