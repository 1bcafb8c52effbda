import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { type Loan, Memory } from '../../main/transfer/memory.ts';

const never = new AbortController().signal;

test('two loans never share a byte, and in the end everybody was served', async () => {
  const step = fc.oneof(fc.record({ borrow: fc.integer({ min: 1, max: 8 * MiB }) }), fc.record({ giveBack: fc.nat() }));
  const check = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    const memory = new Memory(8 * MiB);
    const lent: Loan[] = [];
    let asked = 0;
    let served = 0;
    const borrow = async (length: number): Promise<void> => {
      asked += 1;
      lent.push(await memory.borrow(length, never));
      served += 1;
    };
    const giveBack = (index: number): void => {
      lent.splice(index % lent.length, 1)[0]?.giveBack();
    };
    for (const now of steps) {
      if ('borrow' in now) void borrow(now.borrow);
      else if (lent.length > 0) giveBack(now.giveBack);
      await settle();
      expect(overlaps(lent)).toBe(false);
    }
    while (lent.length > 0) {
      giveBack(0);
      await settle();
    }
    expect(served).toBe(asked);
    expect((await memory.borrow(8 * MiB, never)).bytes).toHaveLength(8 * MiB);
  });
  await fc.assert(check, { numRuns: 40 });
});

test('who asks first is served first, even when a smaller wish would fit', async () => {
  const memory = new Memory(4 * MiB);
  const first = await memory.borrow(3 * MiB, never);
  const order: string[] = [];
  const large = memory.borrow(2 * MiB, never).then((loan) => (order.push('large'), loan));
  const small = memory.borrow(1, never).then((loan) => (order.push('small'), loan));
  await settle();
  expect(order).toEqual([]);
  first.giveBack();
  await Promise.all([large, small]);
  expect(order).toEqual(['large', 'small']);
});

test('who gives up waiting makes way for the next', async () => {
  const memory = new Memory(4 * MiB);
  await memory.borrow(3 * MiB, never);
  const controller = new AbortController();
  const large = memory.borrow(2 * MiB, controller.signal);
  const small = memory.borrow(1, never);
  controller.abort(new Error('no longer wanted'));
  await expect(large).rejects.toThrow('no longer wanted');
  expect((await small).bytes).toHaveLength(1);
});

test('more than there is can never be lent', async () => {
  await expect(new Memory(MiB).borrow(MiB + 1, never)).rejects.toThrow(RangeError);
});

function overlaps(loans: Loan[]): boolean {
  const spans = loans
    .map(({ bytes }) => [bytes.byteOffset, bytes.byteOffset + bytes.length] as const)
    .toSorted(([a], [b]) => a - b);
  return spans.some(([start], index) => index > 0 && start < (spans[index - 1]?.[1] ?? 0));
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
