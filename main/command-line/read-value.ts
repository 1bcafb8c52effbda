/** What is wrong with the command line, as a sentence for the person who typed it. */
export class UsageError extends Error {
  override name = 'UsageError';
}

type Asked = {
  /** `--vault`. */
  flag: string;
  choices: readonly string[] | undefined;
  many: boolean;
  /** The whole command line. */
  argv: readonly string[];
};

/** The value of an option, with those that were typed before when there may be several. @throws UsageError */
export function readValue(value: string, before: unknown, { flag, choices, many, argv }: Asked): string | string[] {
  if (value.trim() === '') throw new UsageError(`${flag} needs a value, but got an empty text.`);
  if (value.startsWith('--') && !argv.includes(`${flag}=${value}`)) {
    throw new UsageError(`${flag} needs a value, but ${value} follows. Write ${flag}=${value} if that is meant.`);
  }
  const chosen = choices?.find((choice) => choice.toLowerCase() === value.toLowerCase());
  if (choices && chosen === undefined) throw new UsageError(`${flag} is one of ${choices.join(', ')}, not "${value}".`);
  if (many) return [...((before as string[] | undefined) ?? []), chosen ?? value];
  if (before !== undefined) throw new UsageError(`${flag} was given twice. Say it once.`);
  return chosen ?? value;
}
