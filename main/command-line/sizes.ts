import { type Result, fail, ok } from '../../shared/result.ts';
import { GiB, KiB, MiB } from '../../shared/units.ts';

const factors: Readonly<Record<string, number>> = { '': 1, b: 1, kib: KiB, k: KiB, mib: MiB, m: MiB, gib: GiB, g: GiB };

/** Bytes, as whole a number as can be, and at least one; null when nothing was said. A failure is a sentence. */
export function readSize(text: string | undefined, what: string): Result<number | null, string> {
  if (text === undefined) return ok(null);
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const factor = factors[match?.[2]?.toLowerCase() ?? 'none'];
  const bytes = factor === undefined ? 0 : Math.round(Number(match?.[1]) * factor);
  return bytes > 0 && Number.isSafeInteger(bytes)
    ? ok(bytes)
    : fail(`"${text}" is no ${what}. Write it like 1MiB, 64MiB or 1GiB.`);
}

/** Parts on the wire at once. */
export function readCount(text: string | undefined): Result<number | null, string> {
  if (text === undefined) return ok(null);
  return /^([1-9]|[12]\d|3[0-2])$/.test(text)
    ? ok(Number(text))
    : fail(`--parallel takes a number from 1 to 32, not "${text}".`);
}
