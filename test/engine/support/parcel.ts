import type { TaskKind } from '../../../main/engine/task-kind.ts';
import type { NewTask, TaskPlace } from '../../../main/engine/task.ts';
import { waitKey } from '../../../shared/wait.ts';
import type { AccountId } from '../../../shared/account.ts';

/** A kind of task made up for tests: it is carried from a drive to a place. */
export type Parcel = {
  name: string;
  drive: string;
  isHeavy: number;
  phase:
    | { kind: 'waiting'; askedAt: number | null }
    | { kind: 'carried'; ticket: string; staleAt: number | null }
    | { kind: 'delivered'; receipt: string }
    | { kind: 'returning'; ticket: string }
    | { kind: 'cancelled' };
};

export type ParcelEvent =
  | { kind: 'asked' }
  | { kind: 'picked-up'; ticket: string }
  | { kind: 'delivered'; receipt: string }
  | { kind: 'returned' }
  | { kind: 'sent-again' };

export const parcelSchema = /* sql */ `
  CREATE TABLE parcel (
    task_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'parcel' CHECK (kind = 'parcel'),
    name TEXT NOT NULL,
    drive TEXT NOT NULL,
    is_heavy INTEGER NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('waiting', 'carried', 'delivered', 'returning', 'cancelled')),
    asked_at INTEGER CHECK (asked_at IS NULL OR phase = 'waiting'),
    ticket TEXT CHECK ((ticket IS NOT NULL) = (phase IN ('carried', 'returning'))),
    stale_at INTEGER CHECK (stale_at IS NULL OR phase = 'carried'),
    receipt TEXT CHECK ((receipt IS NOT NULL) = (phase = 'delivered')),
    FOREIGN KEY (task_id, kind, phase) REFERENCES task (id, kind, phase) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  ) STRICT;
`;

export const LANES = { light: 'parcel-light', heavy: 'parcel-heavy', back: 'parcel-back' };

export const parcelKind: TaskKind<Parcel, ParcelEvent> = {
  name: 'parcel',
  columns: {
    facts: { name: 'name', drive: 'drive', isHeavy: 'is_heavy' },
    phases: {
      waiting: { askedAt: 'asked_at' },
      carried: { ticket: 'ticket', staleAt: 'stale_at' },
      delivered: { receipt: 'receipt' },
      returning: { ticket: 'ticket' },
      cancelled: {},
    },
  },
  transition(parcel, event) {
    const { phase } = parcel;
    switch (event.kind) {
      case 'asked':
        return phase.kind === 'waiting' ? { ...parcel, phase: { kind: 'waiting', askedAt: event.at } } : null;
      case 'picked-up':
        if (phase.kind !== 'waiting') return null;
        return { ...parcel, phase: { kind: 'carried', ticket: event.ticket, staleAt: null } };
      case 'delivered':
        return phase.kind === 'carried' ? { ...parcel, phase: { kind: 'delivered', receipt: event.receipt } } : null;
      case 'returned':
        return phase.kind === 'returning' ? { ...parcel, phase: { kind: 'cancelled' } } : null;
      case 'sent-again':
        return phase.kind === 'cancelled' ? { ...parcel, phase: { kind: 'waiting', askedAt: null } } : null;
    }
  },
  cancel(parcel, hold) {
    const { phase } = parcel;
    if (phase.kind === 'waiting') return { ...parcel, phase: { kind: 'cancelled' } };
    if (phase.kind === 'carried') return { ...parcel, phase: { kind: 'returning', ticket: phase.ticket } };
    return hold?.kind === 'failed' ? { ...parcel, phase: { kind: 'cancelled' } } : null;
  },
  resume: ({ phase }) => (phase.kind === 'cancelled' ? { kind: 'sent-again' } : null),
  lane({ phase, isHeavy }) {
    if (phase.kind === 'delivered' || phase.kind === 'cancelled') return null;
    if (phase.kind === 'returning') return LANES.back;
    return isHeavy === 1 ? LANES.heavy : LANES.light;
  },
  waitKeys: ({ phase, drive }) => (phase.kind === 'returning' ? [] : [waitKey('drive', drive)]),
  urgentAt: ({ phase }) => (phase.kind === 'carried' ? phase.staleAt : null),
  keepsPieces: ({ phase }) => phase.kind === 'carried',
};

export const PLACE: TaskPlace = { accountId: 'studio' as AccountId, vault: 'photos' };

export function newParcel(name: string, facts: Partial<Parcel> = {}): NewTask<Parcel> {
  const state: Parcel = { name, drive: '/', isHeavy: 0, phase: { kind: 'waiting', askedAt: null }, ...facts };
  return { place: PLACE, totalBytes: 100, state };
}
