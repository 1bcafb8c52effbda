/** When to upload at which rate. Times are minutes since midnight, local time; `from` may be later than `to`. */
export type Schedule = {
  from: number;
  to: number;
  /** What counts outside of these hours: nothing is uploaded, or at most so many bytes per second. */
  outside: 'paused' | number;
};

export type Limits = { bytesPerSecond: number | null; schedule: Schedule | null };

/** What counts at a moment: a pause, so many bytes per second, or (null) as fast as it goes. */
export type Allowance = 'paused' | number | null;

export function allowanceAt({ bytesPerSecond, schedule }: Limits, minuteOfDay: number): Allowance {
  if (schedule === null || isWithin(schedule, minuteOfDay)) return bytesPerSecond;
  if (schedule.outside === 'paused' || bytesPerSecond === null) return schedule.outside;
  return Math.min(schedule.outside, bytesPerSecond);
}

/** The minute of the day at which the schedule lets uploads run again; null when they may run now. */
export function opensAt(limits: Limits, minuteOfDay: number): number | null {
  return allowanceAt(limits, minuteOfDay) === 'paused' ? (limits.schedule?.from ?? null) : null;
}

/** Hours that begin and end at the same minute are the whole day. */
function isWithin({ from, to }: Schedule, minute: number): boolean {
  if (from === to) return true;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

export function minuteOfDay(at: Date): number {
  return at.getHours() * 60 + at.getMinutes();
}
