import { describe, expect, it } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { World } from '../support/world.ts';

describe('the queue', () => {
  it('stores files of every awkward size', async () => {
    const world = await World.open();
    const sizes = [1, MiB - 1, MiB, MiB + 1, 3 * MiB, 3 * MiB + 5];
    const ids = await world.add(sizes.map((size) => world.file(`${size}.raw`, size)));
    await world.rest();
    expect(ids.map((id) => world.state(id))).toEqual(sizes.map(() => 'stored'));
    expect(await world.broken()).toEqual([]);
  });
});
