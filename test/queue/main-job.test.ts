import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescription } from '../../shared/description.ts';
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

  it.skipIf(process.platform === 'darwin')('keeps names apart that only look the same', async () => {
    const world = await World.open();
    const names = ['Agátka.raw'.normalize('NFC'), 'Agátka.raw'.normalize('NFD')];
    const ids = await world.add(names.map((name) => world.file(name)));
    await world.rest();
    expect(ids.map((id) => world.state(id))).toEqual(['stored', 'stored']);
    const known = [...world.app.catalogue.all('')].map(({ path, description }) => ({
      name: basename(path ?? ''),
      described: basename(readDescription(description)?.path ?? ''),
    }));
    expect(known).toHaveLength(2);
    for (const name of names) expect(known).toContainEqual({ name, described: name });
    expect(await world.broken()).toEqual([]);
  });
});
