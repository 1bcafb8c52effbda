import { DAY } from '../../../../shared/units.ts';
import { httpTime } from '../protocol/times.ts';
import type { Bucket } from '../store/buckets.ts';
import type { LifecycleRule } from '../store/records.ts';

/** When the bucket's rules abort an upload that began then, and by which rule; null when none does. */
export function abortOf(
  { settings }: Bucket,
  key: string,
  startedAt: number,
): { at: number; rule: LifecycleRule } | null {
  const rules = (settings.lifecycle ?? []).flatMap((rule) =>
    rule.isEnabled && rule.abortDays !== null && key.startsWith(rule.prefix) ? [{ rule, days: rule.abortDays }] : [],
  );
  const [first] = rules.sort((a, b) => a.days - b.days);
  // Documented: at midnight after so many days.
  return first ? { rule: first.rule, at: Math.ceil((startedAt + first.days * DAY) / DAY) * DAY } : null;
}

export function abortHeaders(bucket: Bucket, key: string, startedAt: number): Record<string, string> {
  const abort = abortOf(bucket, key, startedAt);
  return abort ? { 'x-amz-abort-date': httpTime(abort.at), 'x-amz-abort-rule-id': abort.rule.id } : {};
}
