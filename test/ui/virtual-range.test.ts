import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_CONTENT_HEIGHT, scrollTopFor, type Viewport, visibleRange } from '../../renderer/parts/virtual-range.ts';

const view = (viewport: Partial<Viewport>): Viewport => ({
  count: 100_000,
  rowHeight: 88,
  height: 600,
  scrollTop: 0,
  ...viewport,
});

const viewports = fc.record({
  count: fc.integer({ min: 1, max: 5_000_000 }),
  rowHeight: fc.integer({ min: 20, max: 120 }),
  height: fc.integer({ min: 100, max: 3_000 }),
  scrollTop: fc.integer({ min: -500, max: 20_000_000 }),
});

describe('the rows to draw', () => {
  test('are those in view and a few around them', () => {
    const range = visibleRange(view({ scrollTop: 88 * 1000 }));
    expect(range.first).toBe(996);
    expect(range.end).toBe(1011);
    expect(range.shift).toBe(0);
    expect(range.contentHeight).toBe(8_800_000);
  });

  test('begin with the first and end with the last', () => {
    expect(visibleRange(view({})).first).toBe(0);
    expect(visibleRange(view({ scrollTop: Number.MAX_SAFE_INTEGER })).end).toBe(100_000);
    expect(visibleRange(view({ count: 3 }))).toMatchObject({ first: 0, end: 3 });
    expect(visibleRange(view({ count: 0 }))).toMatchObject({ first: 0, end: 0, contentHeight: 0 });
  });

  test('are few and cover the whole view, however long the list is and wherever it is scrolled', () => {
    fc.assert(
      fc.property(viewports, (viewport) => {
        const { first, end, shift, contentHeight } = visibleRange(viewport);
        const { count, rowHeight, height } = viewport;
        const top = Math.max(0, Math.min(viewport.scrollTop, contentHeight - height));
        expect(end - first).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 10);
        expect(contentHeight).toBeLessThanOrEqual(MAX_CONTENT_HEIGHT);
        expect(first * rowHeight + shift).toBeLessThanOrEqual(top + 1);
        expect(end * rowHeight + shift).toBeGreaterThanOrEqual(Math.min(top + height, count * rowHeight) - 1);
      }),
    );
  });

  test('reach the last of a list that is higher than a browser can lay out', () => {
    const end = visibleRange(view({ count: 3_000_000, scrollTop: MAX_CONTENT_HEIGHT - 600 }));
    expect(end.end).toBe(3_000_000);
    expect(end.end * 88 + end.shift).toBeCloseTo(MAX_CONTENT_HEIGHT, 0);
  });
});

describe('scrolling to a row', () => {
  test('does nothing when it is whole in view', () => {
    expect(scrollTopFor(view({ scrollTop: 880 }), 12)).toBeNull();
  });

  test('brings a row above to the upper edge and one below to the lower edge', () => {
    expect(scrollTopFor(view({ scrollTop: 880 }), 9)).toBe(9 * 88);
    expect(scrollTopFor(view({}), 7)).toBe(8 * 88 - 600);
  });

  test('makes any row visible', () => {
    fc.assert(
      fc.property(viewports, fc.nat(), (viewport, nat) => {
        const index = nat % viewport.count;
        const scrollTop = scrollTopFor(viewport, index) ?? viewport.scrollTop;
        const { first, end } = visibleRange({ ...viewport, scrollTop });
        expect(index).toBeGreaterThanOrEqual(first);
        expect(index).toBeLessThan(end);
      }),
    );
  });
});
