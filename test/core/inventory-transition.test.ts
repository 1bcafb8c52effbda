import { expect, test } from 'vitest';
import { IllegalTransition, progressAfter } from '../../main/engine/progress.ts';
import type { TaskEvent } from '../../main/engine/task-kind.ts';
import { inventoryKind } from '../../main/inventories/inventory-kind.ts';
import { noFindings } from '../../main/store/reconciliation.ts';
import type { Hold } from '../../shared/hold.ts';
import type { InventoryEvent, InventoryPhase, InventoryState } from '../../shared/inventory.ts';

const reconciling: InventoryPhase = {
  kind: 'reconciling',
  jobId: 'j',
  askedAt: 1,
  inventoryAt: 7,
  archives: 2,
  reconciled: 0,
};
const phases: InventoryPhase[] = [
  { kind: 'idle' },
  { kind: 'wanted', requestedAt: null },
  { kind: 'requested', jobId: 'j', askedAt: 1 },
  { kind: 'downloading', jobId: 'j', askedAt: 1, size: 10, received: 4 },
  reconciling,
];

/** What follows each event in each phase where it can happen. */
const table: [InventoryEvent, Partial<Record<InventoryPhase['kind'], InventoryPhase['kind']>>][] = [
  [{ kind: 'wanted', notBefore: null }, { idle: 'wanted' }],
  [{ kind: 'asked' }, { wanted: 'wanted' }],
  [{ kind: 'request-settled' }, { wanted: 'wanted' }],
  [{ kind: 'requested', jobId: 'k', askedAt: 3 }, { wanted: 'requested' }],
  [{ kind: 'ready', size: 10 }, { requested: 'downloading' }],
  [{ kind: 'received', bytes: 6 }, { downloading: 'downloading' }],
  [{ kind: 'download-lost' }, { downloading: 'downloading', reconciling: 'wanted' }],
  [{ kind: 'downloaded', inventoryAt: 7, archives: 2 }, { downloading: 'reconciling' }],
  [{ kind: 'output-gone' }, { requested: 'wanted', downloading: 'wanted' }],
  [{ kind: 'reconciled', findings: noFindings }, { reconciling: 'idle' }],
  [{ kind: 'outdated' }, { reconciling: 'idle' }],
  [{ kind: 'none', askedAt: 3 }, { wanted: 'idle' }],
];

function stateIn(phase: InventoryPhase): InventoryState {
  return {
    wantedAt: 1,
    notBefore: null,
    phase,
    findings: null,
    lastOutcome: null,
    lastEndedAt: null,
    lastInventoryAt: null,
    lastFindings: null,
    lastAskedAt: null,
    lastJobId: null,
    newestAt: null,
  };
}

function after(phase: InventoryPhase, hold: Hold | null, event: TaskEvent<InventoryEvent>) {
  return progressAfter(inventoryKind, { state: stateIn(phase), hold }, event);
}

test('each event leads on from where it can happen, and is refused everywhere else', () => {
  for (const [event, ways] of table) {
    for (const phase of phases) {
      const next = () => after(phase, null, { ...event, at: 5 }).state.phase.kind;
      const expected = ways[phase.kind];
      if (expected === undefined) expect(next, `${event.kind} in ${phase.kind}`).toThrow(IllegalTransition);
      else expect(next()).toBe(expected);
    }
  }
});

test('it ends, and is cancelled from everywhere but rest, and then nothing holds it', () => {
  for (const phase of phases.slice(1)) {
    expect(after(phase, { kind: 'paused' }, { kind: 'cancelled', at: 5 })).toEqual({
      state: stateIn({ kind: 'idle' }),
      hold: null,
    });
  }
  for (const [event, ways] of table) {
    for (const phase of phases.filter(({ kind }) => ways[kind] === 'idle')) {
      expect(after(phase, { kind: 'paused' }, { ...event, at: 5 }).hold).toBeNull();
    }
  }
  const rest: InventoryPhase = { kind: 'idle' };
  expect(() => after(rest, null, { kind: 'cancelled', at: 5 })).toThrow(IllegalTransition);
  expect(() => after(rest, null, { kind: 'paused', at: 5 })).toThrow(IllegalTransition);
});

test('how it ended, and of when it is, is kept; an older one does not become the newest', () => {
  const ended = after(reconciling, null, { kind: 'reconciled', findings: noFindings, at: 5 }).state;
  expect(ended).toMatchObject({ lastOutcome: 'reconciled', lastEndedAt: 5, lastInventoryAt: 7, newestAt: 7 });
  expect(ended).toMatchObject({ lastAskedAt: 1, lastJobId: 'j', lastFindings: JSON.stringify(noFindings) });
  const older = { ...ended, phase: { ...reconciling, jobId: 'k', inventoryAt: 6 } };
  const { state } = progressAfter(inventoryKind, { state: older, hold: null }, { kind: 'outdated', at: 9 });
  expect(state).toMatchObject({ lastOutcome: 'outdated', lastInventoryAt: 6, newestAt: 7, lastJobId: 'k' });
  expect(state.lastFindings).toBeNull();
});

test('bytes add up', () => {
  const [, , , downloading = reconciling] = phases;
  const { phase } = after(downloading, null, { kind: 'received', bytes: 6, at: 5 }).state;
  expect(phase).toMatchObject({ received: 10 });
});
