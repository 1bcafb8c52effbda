import { describe, expect, it, test } from 'vitest';
import { Slots } from '../../main/core/slots.ts';

const never = new AbortController().signal;

/** Takes a place for `name` and writes down when it is given. */
function queueUp(slots: Slots, given: string[], name: string, signal = never): Promise<() => void> {
  const place = slots.take(signal);
  place.then(() => given.push(name)).catch(() => undefined);
  return place;
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  it('give out as many places as there are, in the order of asking', async () => {
    const slots = new Slots(() => 2);
    const given: string[] = [];
    const places = ['a', 'b', 'c', 'd'].map((name) => queueUp(slots, given, name));
    await soon();
    expect(given).toEqual(['a', 'b']);
    (await places[1])?.();
    await soon();
    expect(given).toEqual(['a', 'b', 'c']);
    (await places[0])?.();
    await soon();
    expect(given).toEqual(['a', 'b', 'c', 'd']);
  });

  it('let nobody push in', async () => {
    const slots = new Slots(() => 1);
    const given: string[] = [];
    const first = await slots.take(never);
    void queueUp(slots, given, 'waiting');
    first();
    void queueUp(slots, given, 'late');
    await soon();
    expect(given).toEqual(['waiting']);
  });

  it('let nobody push in, either, while there are more places than before that nobody has given out yet', async () => {
    let size = 1;
    const slots = new Slots(() => size);
    const given: string[] = [];
    await slots.take(never);
    void queueUp(slots, given, 'waiting');
    size = 2;
    void queueUp(slots, given, 'late');
    await soon();
    expect(given).toEqual([]);
    slots.resized();
    await soon();
    expect(given).toEqual(['waiting']);
  });

  it('serve two uploads in turn, however many parts each has', async () => {
    const slots = new Slots(() => 1);
    const order: string[] = [];
    const upload = async (name: string, parts: number): Promise<void> => {
      for (let part = 0; part < parts; part += 1) {
        const release = await slots.take(never);
        order.push(name);
        await soon();
        release();
      }
    };
    await Promise.all([upload('huge', 6), upload('small', 3)]);
    expect(order.slice(0, 6).join(' ')).toBe('huge small huge small huge small');
  });

  it('take a place back once, however often it is given', async () => {
    const slots = new Slots(() => 1);
    const given: string[] = [];
    const release = await slots.take(never);
    release();
    release();
    void queueUp(slots, given, 'a');
    void queueUp(slots, given, 'b');
    await soon();
    expect(given).toEqual(['a']);
  });

  it('forget who gave up waiting, and keep everybody else’s turn', async () => {
    const slots = new Slots(() => 1);
    const given: string[] = [];
    const release = await slots.take(never);
    const leaving = new AbortController();
    const left = queueUp(slots, given, 'left', leaving.signal);
    void queueUp(slots, given, 'stayed');
    const reason = new Error('paused');
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    release();
    await soon();
    expect(given).toEqual(['stayed']);
  });

  it('give nothing to whoever has given up already', async () => {
    const slots = new Slots(() => 1);
    const reason = new Error('paused');
    await expect(slots.take(AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(slots.take(never)).resolves.toBeTypeOf('function');
  });

  it('keep the place of whoever gave up after it was given', async () => {
    const slots = new Slots(() => 1);
    const leaving = new AbortController();
    const release = await slots.take(leaving.signal);
    leaving.abort();
    const given: string[] = [];
    void queueUp(slots, given, 'next');
    await soon();
    expect(given).toEqual([]);
    release();
    await soon();
    expect(given).toEqual(['next']);
  });

  it('grow and shrink with the setting', async () => {
    let size = 1;
    const slots = new Slots(() => size);
    const given: string[] = [];
    const places = ['a', 'b', 'c', 'd'].map((name) => queueUp(slots, given, name));
    size = 3;
    slots.resized();
    await soon();
    expect(given).toEqual(['a', 'b', 'c']);
    size = 1;
    (await places[0])?.();
    (await places[1])?.();
    await soon();
    expect(given).toEqual(['a', 'b', 'c']);
    (await places[2])?.();
    await soon();
    expect(given).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('weights', () => {
  test('keep out what would be too much, but never the first', async () => {
    let room = 0;
    const slots = new Slots(
      () => 4,
      () => room,
    );
    const signal = new AbortController().signal;
    const first = await slots.take(signal, 16);
    const entered: number[] = [];
    const others = [16, 16].map(async (weight, index) => {
      const release = await slots.take(signal, weight);
      entered.push(index);
      return release;
    });
    room = 47;
    slots.resized();
    await others[0];
    expect(entered).toEqual([0]);
    first();
    await Promise.all(others);
    expect(entered).toEqual([0, 1]);
  });

  test('of somebody who gives up let those behind enter', async () => {
    const slots = new Slots(
      () => 4,
      () => 20,
    );
    const leaving = new AbortController();
    await slots.take(new AbortController().signal, 10);
    const heavy = slots.take(leaving.signal, 20);
    const light = slots.take(new AbortController().signal, 10);
    leaving.abort();
    await expect(heavy).rejects.toThrow();
    await light;
  });
});
