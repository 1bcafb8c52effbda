import { expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { isTreeHashAligned } from '../../main/practice/vaults/tree-range.ts';

/** All nodes of the tree over so many leaves, as `first-last` leaf, built level by level as the definition does. */
function nodesOf(leaves: number): Set<string> {
  let level = Array.from({ length: leaves }, (_, leaf) => [leaf, leaf] as const);
  const nodes = new Set<string>();
  for (;;) {
    for (const [first, last] of level) nodes.add(`${first}-${last}`);
    if (level.length === 1) return nodes;
    const next: (readonly [number, number])[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      if (left) next.push([left[0], (right ?? left)[1]]);
    }
    level = next;
  }
}

test('a range is aligned exactly when it is a node of the tree, for every archive of up to 70 MiB', () => {
  for (let leaves = 1; leaves <= 70; leaves += 1) {
    const nodes = nodesOf(leaves);
    for (const size of [leaves * MiB, leaves * MiB - 1, (leaves - 1) * MiB + 1]) {
      for (let from = 0; from < leaves; from += 1) {
        for (let to = from; to < leaves; to += 1) {
          const range = { first: from * MiB, last: Math.min((to + 1) * MiB, size) - 1 };
          const aligned = isTreeHashAligned(range, size);
          if (aligned !== nodes.has(`${from}-${to}`)) expect({ leaves, size, from, to, aligned }).toBe(null);
        }
      }
    }
  }
});

test('a range that does not begin and end with a leaf is not aligned', () => {
  expect(isTreeHashAligned({ first: 1, last: MiB - 1 }, 4 * MiB)).toBe(false);
  expect(isTreeHashAligned({ first: 0, last: MiB - 2 }, 4 * MiB)).toBe(false);
  expect(isTreeHashAligned({ first: 0, last: MiB }, 4 * MiB)).toBe(false);
});
