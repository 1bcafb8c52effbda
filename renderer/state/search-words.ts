/** The words of a search, in small letters. */
export function searchWords(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether all of the words occur in the text, wherever. */
export function hasWords(text: string, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const small = text.toLowerCase();
  return words.every((word) => small.includes(word));
}
