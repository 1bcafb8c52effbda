import { describe, expect, it } from 'vitest';
import { Live } from '../../main/core/live.ts';
import { MiB, SECOND } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';

const a = 'a' as UploadId;
const b = 'b' as UploadId;

/** As the store knows the uploads. */
function stored(settledBytes: number, size = 10 * MiB) {
  return (id: UploadId) => (id === a || id === b ? { size, settledBytes } : null);
}

describe('live progress', () => {
  it('counts what is acknowledged and what is on the wire', () => {
    const live = new Live<UploadId>();
    live.begin(a);
    live.moved(a, 0, 1 * MiB);
    live.moved(a, 0, 1 * MiB);
    live.moved(a, 4 * MiB, 3 * MiB);
    expect(live.tick(0, stored(1 * MiB)).items).toMatchObject([{ id: a, bytes: 6 * MiB }]);
  });

  it('does not count a part twice once it is acknowledged', () => {
    const live = new Live<UploadId>();
    live.begin(a);
    live.moved(a, 0, 4 * MiB);
    live.partEnded(a, 0);
    expect(live.tick(0, stored(4 * MiB)).items).toMatchObject([{ bytes: 4 * MiB }]);
  });

  it('takes back what was sent in vain', () => {
    const live = new Live<UploadId>();
    live.begin(a);
    live.moved(a, 0, 4 * MiB);
    live.partEnded(a, 0);
    expect(live.tick(0, stored(0)).items).toMatchObject([{ bytes: 0 }]);
  });

  it('never exceeds the file', () => {
    const live = new Live<UploadId>();
    live.begin(a);
    live.moved(a, 0, 9 * MiB);
    expect(live.tick(0, stored(9 * MiB)).items).toMatchObject([{ bytes: 10 * MiB }]);
  });

  it('adds up the rates of all uploads, also of one that ends', () => {
    const live = new Live<UploadId>();
    live.begin(a);
    live.begin(b);
    for (let now = 0; now <= 10 * SECOND; now += 250) {
      live.moved(a, 0, MiB / 4);
      live.moved(b, 0, MiB / 4);
      live.tick(now, stored(0));
    }
    expect(live.tick(10 * SECOND, stored(0)).rate).toBeCloseTo(2 * MiB, -4);
    live.end(b);
    expect(live.tick(10 * SECOND + 250, stored(0)).items.map(({ id }) => id)).toEqual([a]);
  });

  it('starts afresh after everything has ended', () => {
    const live = new Live<UploadId>();
    live.begin(a);
    for (let now = 0; now <= 5 * SECOND; now += 250) {
      live.moved(a, 0, MiB);
      live.tick(now, stored(0));
    }
    live.end(a);
    expect(live.tick(6 * SECOND, stored(0))).toMatchObject({ items: [] });
    expect(live.tick(9 * SECOND, stored(0)).rate).toBeNull();
  });

  it('knows nothing of uploads that are not running', () => {
    const live = new Live<UploadId>();
    live.moved(a, 0, MiB);
    live.partEnded(a, 0);
    live.end(a);
    expect(live.tick(0, stored(0)).items).toEqual([]);
  });

  it('leaves out an upload that is gone from the store', () => {
    const live = new Live<UploadId>();
    live.begin('gone' as UploadId);
    expect(live.tick(0, stored(0)).items).toEqual([]);
  });
});
