/**
 * How full each segment of a bar is, 0 to 1, when `count` parts share at most `max` segments. `indexes` are the parts
 * that are done, counted from 0; null for all.
 */
export function segmentFill(count: number, max: number, indexes: readonly number[] | null): number[] {
  const segments = Math.max(1, Math.min(count, max));
  if (indexes === null) return Array.from({ length: segments }, () => 1);
  const segmentOf = (part: number): number => Math.min(segments - 1, Math.floor((part * segments) / count));
  const room = new Array<number>(segments).fill(0);
  const done = new Array<number>(segments).fill(0);
  for (let part = 0; part < count; part += 1) room[segmentOf(part)] = (room[segmentOf(part)] ?? 0) + 1;
  for (const part of indexes) done[segmentOf(part)] = (done[segmentOf(part)] ?? 0) + 1;
  return done.map((parts, index) => Math.min(1, parts / (room[index] ?? 1)));
}
