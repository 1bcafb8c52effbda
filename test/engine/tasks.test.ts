import { describe, expect, it } from 'vitest';
import { fileCheckStatements } from '../../main/checks/file-check-store.ts';
import { choreStatements } from '../../main/deletions/chore-store.ts';
import { doomedStatements } from '../../main/deletions/doomed-store.ts';
import { IllegalTransition } from '../../main/engine/progress.ts';
import { PieceStore, pieceStatements } from '../../main/store/tasks/piece-store.ts';
import { newTaskId } from '../../main/store/tasks/task-id.ts';
import { queueStatements, taskStatements } from '../../main/store/tasks/task-statements.ts';
import { bulkStatements } from '../../main/store/tasks/bulk-store.ts';
import { positionStatements } from '../../main/store/tasks/positions.ts';
import type { TaskId } from '../../shared/task.ts';
import { addParcels, openParcels } from './support/depot.ts';
import { newParcel, parcelKind } from './support/parcel.ts';

function oneParcel() {
  const store = openParcels();
  const [id = '' as TaskId] = store.tasks.add(parcelKind, [newParcel('a')], 5);
  return { ...store, id };
}

describe('a task', () => {
  it('comes back from the database as it went in, in each of its phases', () => {
    const { tasks, id } = oneParcel();
    expect(tasks.get(parcelKind, id)?.state).toEqual(newParcel('a').state);
    tasks.apply(parcelKind, id, { kind: 'asked', at: 6 });
    expect(tasks.get(parcelKind, id)?.state.phase).toEqual({ kind: 'waiting', askedAt: 6 });
    tasks.apply(parcelKind, id, { kind: 'picked-up', ticket: 't', at: 7 });
    expect(tasks.get(parcelKind, id)?.state.phase).toEqual({ kind: 'carried', ticket: 't', staleAt: null });
    tasks.apply(parcelKind, id, { kind: 'delivered', receipt: 'r', at: 8 });
    expect(tasks.get(parcelKind, id)).toMatchObject({ addedAt: 5, endedAt: 8, lane: null, waitKeys: [], hold: null });
    expect(tasks.events(id).map(({ kind }) => kind)).toEqual(['asked', 'picked-up', 'delivered']);
  });

  it('waits for what follows from its facts when these are others than they were', () => {
    const { tasks, id } = oneParcel();
    tasks.revise(parcelKind, id, { drive: '/Volumes/Shoots' });
    expect(tasks.get(parcelKind, id)).toMatchObject({
      waitKeys: ['account:studio', 'drive:/Volumes/Shoots'],
      state: { drive: '/Volumes/Shoots' },
    });
    expect(tasks.events(id)).toEqual([]);
  });

  it('refuses an event that cannot happen in its phase, and writes nothing', () => {
    const { tasks, id } = oneParcel();
    const early = { kind: 'delivered', receipt: 'r', at: 6 } as const;
    expect(() => tasks.apply(parcelKind, id, early)).toThrow(IllegalTransition);
    expect(tasks.events(id)).toEqual([]);
  });

  it('is written together with what its kind keeps beside it, or not at all', () => {
    const { tasks, id } = oneParcel();
    tasks.alongside(parcelKind, (before, event, after) => {
      if (event.kind === 'picked-up') tasks.setBytes(after, 40, before.totalBytes);
      if (event.kind === 'delivered') throw new Error('no room beside it');
    });
    tasks.apply(parcelKind, id, { kind: 'picked-up', ticket: 't', at: 6 });
    expect(tasks.head(id)?.doneBytes).toBe(40);
    expect(() => tasks.apply(parcelKind, id, { kind: 'delivered', receipt: 'r', at: 7 })).toThrow('no room');
    expect(tasks.head(id)?.phase).toBe('carried');
  });

  it('keeps its pieces, and their sum, only as long as they are worth anything', () => {
    const { db, tasks, id } = oneParcel();
    const pieces = new PieceStore(db, tasks);
    const task = tasks.apply(parcelKind, id, { kind: 'picked-up', ticket: 't', at: 6 });
    const piece = { checksum: 'c', receipt: '', at: 7 };
    pieces.add(task, { first: 10, last: 19, ...piece }, 99);
    pieces.add(task, { first: 0, last: 9, ...piece }, null);
    expect(pieces.all(id).map(({ first }) => first)).toEqual([0, 10]);
    expect(tasks.head(id)?.doneBytes).toBe(20);
    pieces.remove(task, [0, 77]);
    expect(tasks.head(id)?.doneBytes).toBe(10);
    tasks.cancel(id, 8);
    expect(pieces.all(id)).toEqual([]);
  });

  it('cannot be in another phase than the row of its kind', () => {
    const { db, id } = oneParcel();
    expect(() => db.prepare(`UPDATE task SET phase = 'carried' WHERE id = ?`).run(id)).toThrow(/FOREIGN KEY/);
    expect(() => db.prepare(`UPDATE parcel SET ticket = 't' WHERE task_id = ?`).run(id)).toThrow(/CHECK/);
  });

  it('tells those who listen after the commit, and not of what was rolled back', () => {
    const { tasks, id } = oneParcel();
    const heard: unknown[] = [];
    tasks.onChange(parcelKind, (changed, removed) => heard.push([changed, removed]));
    expect(() =>
      tasks.transaction(() => {
        tasks.apply(parcelKind, id, { kind: 'asked', at: 6 });
        throw new Error('undone');
      }),
    ).toThrow('undone');
    tasks.cancel(id, 7);
    tasks.remove(id);
    expect(heard).toEqual([
      [[id], []],
      [[], [id]],
    ]);
  });

  it('has an ID that is never given twice and sorts by the time it was made', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => newTaskId(1_000_000 + n));
    expect(new Set(ids).size).toBe(1000);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

it('answers each frequent statement by an index, however long the queue', () => {
  const { db, tasks } = openParcels();
  addParcels(tasks, 3000);
  db.exec('ANALYZE');
  const statements = {
    ...taskStatements(db),
    ...queueStatements(db),
    ...bulkStatements(db),
    ...positionStatements(db),
    ...pieceStatements(db),
    ...choreStatements(db),
    ...doomedStatements(db),
    ...fileCheckStatements(db),
  };
  const growing = /SCAN (?:task|task_event|piece|parcel|\w*archive|item|local_check|catalogue)\b/;
  for (const [name, { source }] of Object.entries(statements)) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${source}`).all(...valuesFor(source)) as { detail: string }[];
    for (const { detail } of plan) {
      expect(`${name}: ${detail}`).not.toMatch(growing);
      expect(`${name}: ${detail}`).not.toMatch(/TEMP B-TREE/);
    }
  }
});

/** Something for each value that a statement binds; null would change the plan. */
function valuesFor(source: string): unknown[] {
  const names = [...source.matchAll(/@(\w+)/g)].map(([, name = '']) => [name, 1]);
  return names.length > 0
    ? [Object.fromEntries(names)]
    : source
        .split('?')
        .slice(1)
        .map(() => 1);
}
