import { expect, test } from 'vitest';
import { Parallelism } from '../../main/core/parallelism.ts';

const timedOut = { kind: 'timed-out' } as const;

test('parts that time out together halve the number once, and again only when it goes on', () => {
  const parts = new Parallelism(() => 8);
  expect(parts.current()).toBe(8);
  for (let n = 0; n < 8; n += 1) parts.failed(timedOut, 1000 + n);
  expect(parts.current()).toBe(4);
  parts.failed({ kind: 'throttled' }, 7000);
  expect(parts.current()).toBe(2);
  parts.failed(timedOut, 13_000);
  parts.failed(timedOut, 19_000);
  expect(parts.current()).toBe(1);
  expect(parts.isLowered()).toBe(true);
});

test('parts that arrive bring it back, one by one, and never above what the user allows', () => {
  const parts = new Parallelism(() => 4);
  parts.failed(timedOut, 1000);
  expect(parts.current()).toBe(2);
  parts.arrived();
  expect(parts.current()).toBe(2);
  parts.arrived();
  expect(parts.current()).toBe(3);
  for (let n = 0; n < 3; n += 1) parts.arrived();
  expect(parts.current()).toBe(4);
  expect(parts.isLowered()).toBe(false);
  for (let n = 0; n < 100; n += 1) parts.arrived();
  expect(parts.current()).toBe(4);
});

test('other failures are no reason to send less at once', () => {
  const parts = new Parallelism(() => 4);
  parts.failed({ kind: 'offline' }, 1000);
  parts.failed({ kind: 'file-changed' }, 2000);
  expect(parts.current()).toBe(4);
});

test('the setting counts at once', () => {
  let allowed = 2;
  const parts = new Parallelism(() => allowed);
  allowed = 6;
  expect(parts.current()).toBe(6);
  parts.failed(timedOut, 1000);
  allowed = 1;
  expect(parts.current()).toBe(1);
});
