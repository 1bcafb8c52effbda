import { HOUR, SECOND } from '../../shared/units.ts';

/** Nanoseconds since 1970, as text because they do not fit a double. */
type Nanoseconds = string;

const NS_PER_MS = 1_000_000n;
/** How exactly times are kept: NTFS, programs that copy, descriptions and rebuilt catalogues, FAT. */
const GRANULARITIES_NS = [100n, 1000n, NS_PER_MS, BigInt(SECOND) * NS_PER_MS, 2n * BigInt(SECOND) * NS_PER_MS];
const HOUR_NS = BigInt(HOUR) * NS_PER_MS;

/** Whether both may be one moment, of which one was kept less exactly than the other. */
export function isSameMoment(a: Nanoseconds, b: Nanoseconds): boolean {
  return isWithinGranularity(BigInt(a), BigInt(b));
}

/**
 * Whether they are one moment on a clock that was set to another time zone in between: drives of cameras keep local time,
 * so that daylight saving moves the times of all their files by an hour.
 */
export function isSameOnAnotherClock(a: Nanoseconds, b: Nanoseconds): boolean {
  const [one, other] = [BigInt(a), BigInt(b)];
  const hours = (one - other + (one > other ? HOUR_NS / 2n : -HOUR_NS / 2n)) / HOUR_NS;
  return isWithinGranularity(one, other + hours * HOUR_NS);
}

function isWithinGranularity(one: bigint, other: bigint): boolean {
  if (one === other) return true;
  const distance = one > other ? one - other : other - one;
  return GRANULARITIES_NS.some(
    (granularity) => distance < granularity && (one % granularity === 0n || other % granularity === 0n),
  );
}
