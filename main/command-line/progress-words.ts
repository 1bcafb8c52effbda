import { describeAmount, describeRate, describeRemaining, percentage } from '../../shared/words.ts';

type Amount = { done: number; total: number };
/** Bytes per second and milliseconds; null while they mean nothing. */
type Pace = { rate: number | null; remainingMs: number | null };

/** `Uploading 3 files: 45 % (1.2 of 2.7 GiB), 5 MiB/s, 4 min left`. Bytes. */
export function progressWords(what: string, { done, total }: Amount, { rate, remainingMs }: Pace): string {
  const pace = [rate === null ? null : describeRate(rate), describeRemaining(remainingMs)];
  const amount = `${percentage(done, total)} % (${describeAmount(done, total)})`;
  return [`${what}: ${amount}`, ...pace.filter((words) => words !== null)].join(', ');
}
