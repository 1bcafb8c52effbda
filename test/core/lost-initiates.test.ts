import { describe, expect, it } from 'vitest';
import { LostInitiates } from '../../main/uploads/lost-initiates.ts';
import type { UploadId } from '../../shared/upload.ts';

const id = 'a' as UploadId;
const interruption = { kind: 'backoff', until: 700, attempt: 1, failure: { kind: 'interrupted' } } as const;

describe('an unanswered initiate', () => {
  it('of this life ended when its connection did', () => {
    const lost = new LostInitiates(1000);
    lost.ended(id, 1500);
    expect(lost.endOf({ id, hold: null })).toBe(1500);
  });

  it('of an earlier life ended at the latest when this one began', () => {
    expect(new LostInitiates(1000).endOf({ id, hold: { kind: 'paused' } })).toBe(1000);
  });

  it('does not end anew in each of a chain of short lives', () => {
    expect(new LostInitiates(1000).endOf({ id, hold: interruption })).toBe(700);
    expect(new LostInitiates(2000).endOf({ id, hold: interruption })).toBe(700);
  });

  it('does not end later because looking for what it left has failed', () => {
    const lost = new LostInitiates(1000);
    expect(lost.endOf({ id, hold: interruption })).toBe(700);
    expect(lost.endOf({ id, hold: { ...interruption, until: 5000 } })).toBe(700);
  });
});
