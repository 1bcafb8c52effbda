import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { type Loan, Memory, PIECE } from '../../main/transfer/memory.ts';

type Part = { wanted: number; got: number; held: number[]; loan: Loan | null };

test('no piece is lent to two parts, and in the end every part got all it needs', () => {
  const step = fc.oneof(
    fc.record({ borrow: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ giveBack: fc.nat() }),
    fc.record({ end: fc.nat() }),
  );
  const check = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const memory = new Memory(8 * MiB);
    const parts: Part[] = [];
    const held = (): number[] => parts.flatMap((part) => part.held);
    for (const now of steps) {
      if ('borrow' in now) parts.push(borrow(memory, now.borrow));
      else if ('giveBack' in now) giveBackOne(parts, now.giveBack);
      else endOne(parts, now.end);
      expect(new Set(held()).size).toBe(held().length);
    }
    while (held().length > 0) giveBackOne(parts, 0);
    for (const { got, wanted } of parts) expect(got).toBe(wanted);
    expect(borrow(memory, 8).got).toBe(8);
  });
  fc.assert(check, { numRuns: 200 });
});

test('who comes first gets all of his pieces first, and the next one begins with what is left', () => {
  const memory = new Memory(6 * MiB);
  const [first, second, third] = [borrow(memory, 4), borrow(memory, 4), borrow(memory, 1)];
  expect([first.got, second.got, third.got]).toEqual([4, 2, 0]);
  giveBackOne([first], 0);
  expect([second.got, third.got]).toEqual([3, 0]);
  giveBackOne([first], 0);
  giveBackOne([first], 0);
  expect([second.got, third.got]).toEqual([4, 1]);
});

test('who ends makes way for the next, also when he was waiting', () => {
  const memory = new Memory(4 * MiB);
  const [first, second, third] = [borrow(memory, 4), borrow(memory, 4), borrow(memory, 2)];
  second.loan?.end();
  expect([second.got, third.got]).toEqual([0, 0]);
  first.loan?.end();
  expect([second.got, third.got]).toEqual([0, 2]);
});

test('a piece that somebody else has by now is not given back twice', () => {
  const memory = new Memory(1 * MiB);
  const first = borrow(memory, 1);
  const [piece] = first.held;
  first.loan?.giveBack([piece ?? 0]);
  const second = borrow(memory, 1);
  first.loan?.giveBack([piece ?? 0]);
  first.loan?.end();
  expect(second.got).toBe(1);
  expect(borrow(memory, 1).got).toBe(0);
});

test('the lowest pieces are lent first, so that little memory is ever touched', () => {
  const memory = new Memory(8 * MiB);
  const part = borrow(memory, 2);
  part.loan?.end();
  expect(borrow(memory, 2).held).toEqual([0, 1]);
});

test('more than there is can never be lent', () => {
  expect(() => borrow(new Memory(MiB), 2)).toThrow(RangeError);
});

test('pieces lie on pages', () => {
  expect(new Uint8Array(new Memory(2 * MiB).shared, PIECE).byteOffset % 4096).toBe(0);
});

function borrow(memory: Memory, wanted: number): Part {
  const part: Part = { wanted, got: 0, held: [], loan: null };
  part.loan = memory.borrow(wanted, (pieces) => {
    part.got += pieces.length;
    part.held.push(...pieces);
  });
  return part;
}

function giveBackOne(parts: readonly Part[], index: number): void {
  const holding = parts.filter(({ held }) => held.length > 0);
  const part = holding[index % Math.max(1, holding.length)];
  if (part) part.loan?.giveBack(part.held.splice(0, 1));
}

function endOne(parts: Part[], index: number): void {
  const [part] = parts.splice(index % Math.max(1, parts.length), 1);
  part?.loan?.end();
}
