import { flushSync } from 'svelte';
import { expect, test, vi } from 'vitest';
import { Mirror } from '../../renderer/state/mirror.svelte.ts';
import type { Reply } from '../../shared/bridge.ts';
import type { Changes, Snapshot } from '../../shared/contract.ts';
import { fail, ok } from '../../shared/result.ts';

type Item = { id: string; n: number };

function listening() {
  let emit: (changes: Changes<Item>) => void = () => undefined;
  let answer: (reply: Reply<Snapshot<Item>>) => void = () => undefined;
  let stopped = false;
  const asked: (number | null)[] = [];
  const heard: [number | undefined, number][] = [];
  const mirror = new Mirror<Item>((before, after) => heard.push([before?.n, after.n]));
  const connected = mirror.connect(
    (listener) => {
      emit = listener;
      return () => (stopped = true);
    },
    (after) => {
      asked.push(after);
      return new Promise((resolve) => (answer = resolve));
    },
  );
  return {
    mirror,
    connected,
    heard,
    isStopped: () => stopped,
    emit: (version: number, items: Item[], removed: string[] = []) => {
      emit({ version, items, removed });
    },
    answer: (version: number, items: Item[], next: number | null = null) => {
      answer(ok({ version, items, next }));
    },
    asked,
    refuse: () => {
      answer(fail({ kind: 'unexpected', detail: 'no' }));
    },
  };
}

const a = (n: number): Item => ({ id: 'a', n });
const b = (n: number): Item => ({ id: 'b', n });
const c = (n: number): Item => ({ id: 'c', n });

test('changes that arrive before the snapshot are kept, and those it already holds are dropped', async () => {
  const { mirror, connected, emit, answer } = listening();
  emit(3, [a(3)]);
  emit(5, [a(5)]);
  answer(4, [a(4), b(4)]);
  await connected;
  expect(mirror.all).toEqual([a(5), b(4)]);
});

test('a removal that arrives before the snapshot is not undone by it', async () => {
  const { mirror, connected, emit, answer } = listening();
  emit(5, [], ['b']);
  answer(4, [a(4), b(4), c(4)]);
  await connected;
  expect(mirror.all).toEqual([a(4), c(4)]);
});

test('is ready only when the snapshot is there', async () => {
  const { mirror, connected, emit, answer } = listening();
  emit(9, [a(9)]);
  expect(mirror.ready).toBe(false);
  expect(mirror.all).toEqual([]);
  answer(8, []);
  await connected;
  expect(mirror.ready).toBe(true);
});

test('changed items keep their place, removed ones leave no gap, and those that come back come last', async () => {
  const { mirror, connected, emit, answer } = listening();
  answer(1, [a(1), b(1), c(1)]);
  await connected;
  emit(2, [b(2)]);
  expect(mirror.all).toEqual([a(1), b(2), c(1)]);
  emit(3, [c(3)], ['a']);
  expect(mirror.all).toEqual([b(2), c(3)]);
  emit(4, [a(4), c(4)]);
  expect(mirror.all).toEqual([b(2), c(4), a(4)]);
  expect(mirror.get('c')).toEqual(c(4));
  expect(mirror.get('gone')).toBeUndefined();
});

test('a change that comes twice or too late changes nothing', async () => {
  const { mirror, connected, emit, answer, heard } = listening();
  answer(1, [a(1)]);
  await connected;
  emit(3, [a(3)]);
  emit(3, [a(99)]);
  emit(2, [a(2)], ['a']);
  expect(mirror.all).toEqual([a(3)]);
  expect(heard).toEqual([[1, 3]]);
});

test('says what an item was before, and nothing of the snapshot', async () => {
  const { connected, emit, answer, heard } = listening();
  answer(1, [a(1)]);
  await connected;
  emit(2, [a(2), b(2)]);
  expect(heard).toEqual([
    [1, 2],
    [undefined, 2],
  ]);
});

test('what reads it runs again after each change', async () => {
  const { mirror, connected, emit, answer } = listening();
  answer(1, [a(1), b(1)]);
  await connected;
  const sums: number[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      sums.push(mirror.all.reduce((sum, { n }) => sum + n, 0));
    });
  });
  flushSync();
  emit(2, [b(10)]);
  flushSync();
  emit(3, [], ['a']);
  flushSync();
  stop();
  expect(sums).toEqual([2, 11, 10]);
});

test('a listing that fails ends the subscription and says why', async () => {
  const { mirror, connected, refuse, isStopped } = listening();
  refuse();
  expect(await connected).toEqual(fail({ kind: 'unexpected', detail: 'no' }));
  expect(isStopped()).toBe(true);
  expect(mirror.ready).toBe(false);
});

test('a listing in pieces is ready with the first and goes on where it ended', async () => {
  const { mirror, connected, answer, asked } = listening();
  answer(1, [a(1)], 10);
  await vi.waitFor(() => {
    expect(asked).toEqual([null, 10]);
  });
  expect(mirror.ready).toBe(true);
  expect(mirror.all).toEqual([a(1)]);
  answer(1, [b(1), c(1)]);
  await connected;
  expect(mirror.all).toEqual([a(1), b(1), c(1)]);
});

test('a piece undoes neither a change nor a removal that is newer than itself', async () => {
  const { mirror, connected, emit, answer, asked } = listening();
  answer(1, [a(1)], 10);
  await vi.waitFor(() => {
    expect(asked).toHaveLength(2);
  });
  emit(2, [b(2)]);
  emit(3, [], ['c', 'a']);
  answer(1, [a(1), b(1), c(1)]);
  await connected;
  expect(mirror.all).toEqual([b(2)]);
});

test('a piece that is newer than a change holds it already', async () => {
  const { mirror, connected, emit, answer, asked } = listening();
  answer(1, [a(1)], 10);
  await vi.waitFor(() => {
    expect(asked).toHaveLength(2);
  });
  emit(2, [b(2)], ['a']);
  answer(4, [a(4), b(4)]);
  await connected;
  expect(mirror.all).toEqual([b(4), a(4)]);
});
