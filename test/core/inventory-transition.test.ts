import { expect, test } from 'vitest';
import {
  IllegalInventoryTransition,
  type InventoryEvent,
  type InventoryPhase,
  inventoryTransition,
} from '../../shared/inventory.ts';

type Event = InventoryEvent extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;

const reconciling: InventoryPhase = { kind: 'reconciling', jobId: 'j', inventoryAt: 7, archives: 2, reconciled: 0 };
const phases: InventoryPhase[] = [
  { kind: 'idle' },
  { kind: 'wanted', requestedAt: null },
  { kind: 'requested', jobId: 'j', askedAt: 1 },
  { kind: 'downloading', jobId: 'j', size: 10, received: 4 },
  reconciling,
];

/** What follows each event in each phase where it can happen. */
const table: [Event, Partial<Record<InventoryPhase['kind'], InventoryPhase['kind']>>][] = [
  [{ kind: 'wanted' }, { idle: 'wanted' }],
  [{ kind: 'asked' }, { wanted: 'wanted' }],
  [{ kind: 'request-settled' }, { wanted: 'wanted' }],
  [{ kind: 'requested', jobId: 'k', askedAt: 3 }, { wanted: 'requested' }],
  [{ kind: 'ready', size: 10 }, { requested: 'downloading' }],
  [{ kind: 'received', bytes: 6 }, { downloading: 'downloading' }],
  [{ kind: 'download-lost' }, { downloading: 'downloading', reconciling: 'wanted' }],
  [{ kind: 'downloaded', inventoryAt: 7, archives: 2 }, { downloading: 'reconciling' }],
  [{ kind: 'reconciled', archives: 1 }, { reconciling: 'reconciling' }],
  [{ kind: 'output-gone' }, { requested: 'wanted', downloading: 'wanted' }],
];

test('each event leads on from where it can happen, and is refused everywhere else', () => {
  for (const [event, ways] of table) {
    for (const phase of phases) {
      const next = () => inventoryTransition({ phase, hold: null }, { ...event, at: 5 }).phase.kind;
      const expected = ways[phase.kind];
      if (expected === undefined) expect(next, `${event.kind} in ${phase.kind}`).toThrow(IllegalInventoryTransition);
      else expect(next()).toBe(expected);
    }
  }
});

test('it ends and is cancelled from everywhere but rest, and then nothing holds it', () => {
  for (const phase of phases.slice(1)) {
    const held = { phase, hold: { kind: 'paused' } } as const;
    expect(inventoryTransition(held, { kind: 'cancelled', at: 5 })).toEqual({ phase: { kind: 'idle' }, hold: null });
    expect(inventoryTransition(held, { kind: 'ended', outcome: 'none', at: 5 }).phase.kind).toBe('idle');
  }
  const rest = { phase: { kind: 'idle' }, hold: null } as const;
  expect(() => inventoryTransition(rest, { kind: 'cancelled', at: 5 })).toThrow(IllegalInventoryTransition);
  expect(() => inventoryTransition(rest, { kind: 'paused', at: 5 })).toThrow(IllegalInventoryTransition);
});

test('what is ready is waited for no longer, but a pause stays', () => {
  const requested = phases[2] ?? reconciling;
  const failure = { kind: 'awaiting-job', usualMs: 9, lookInMs: 1 } as const;
  const ready = { kind: 'ready', size: 10, at: 5 } as const;
  const waiting = { kind: 'backoff', until: 4, attempt: 2, failure } as const;
  expect(inventoryTransition({ phase: requested, hold: waiting }, ready).hold).toBeNull();
  expect(inventoryTransition({ phase: requested, hold: { kind: 'paused' } }, ready).hold).toEqual({ kind: 'paused' });
});

test('bytes and archives add up', () => {
  const downloading = phases[3] ?? reconciling;
  const more = inventoryTransition({ phase: downloading, hold: null }, { kind: 'received', bytes: 6, at: 5 });
  expect(more.phase).toMatchObject({ received: 10 });
  const further = inventoryTransition({ phase: reconciling, hold: null }, { kind: 'reconciled', archives: 2, at: 5 });
  expect(further.phase).toMatchObject({ reconciled: 2 });
});
