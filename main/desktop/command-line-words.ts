const FLAG = '--cli';

/**
 * What follows `--cli` on the command line of the packaged program; null without it. A `--` after it keeps Chromium from
 * reading those words as its own.
 */
export function wordsForCommandLine(argv: readonly string[]): string[] | null {
  const end = argv.indexOf('--');
  const at = argv.indexOf(FLAG);
  if (at < 0 || (end >= 0 && end < at)) return null;
  const words = argv.slice(at + 1);
  return words[0] === '--' ? words.slice(1) : words;
}
