import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openApp } from '../../main/app/open.ts';
import { noKeyring } from '../../main/places/secrets.ts';
import { MiB } from '../../shared/units.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { World } from '../support/world.ts';

const codeFolder = fileURLToPath(new URL('../../out/main', import.meta.url));

function never(): never {
  throw new Error('Nothing was added');
}

/** What a second process might change. */
function print(world: World): string {
  const hash = createHash('sha256');
  for (const name of ['firn.db', 'firn.db-wal']) hash.update(readFileSync(join(world.dataFolder, name)));
  return hash.digest('hex');
}

/** A world whose queue is held, so that nothing but a second process could change its records. */
async function heldWorld() {
  const world = await World.open();
  const gate = world.line.gate('CompleteMultipartUpload');
  const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
  await gate.arrived;
  return { world, id, gate, command: new FirnCommand(world.dataFolder, {}) };
}

describe('a second Firn on the same folder', () => {
  it('is told so, and changes nothing', async () => {
    const { world, id, gate } = await heldWorld();
    const before = print(world);
    const options = { dataFolder: world.dataFolder, codeFolder, secrets: noKeyring, log: () => undefined };
    for (let time = 0; time < 3; time += 1) {
      expect(await openApp(options)).toEqual({
        ok: false,
        failure: { kind: 'data-folder-busy', folder: world.dataFolder },
      });
    }
    expect(print(world)).toBe(before);
    gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('as another process is told so, and changes nothing', async () => {
    const { world, id, gate, command } = await heldWorld();
    const before = print(world);
    for (const args of [['run'], ['cancel', id], ['pause', id]]) {
      const { code, problems } = await command.run(...args);
      expect({ code, problems }).toMatchObject({
        code: 4,
        problems: expect.stringContaining('Another Firn') as string,
      });
    }
    expect(print(world)).toBe(before);
    expect(world.state(id)).toBe('completing');
    gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('may look at queue and catalogue meanwhile', async () => {
    const { world, id, gate, command } = await heldWorld();
    const before = print(world);
    expect(await command.run('queue', '--json')).toMatchObject({
      code: 0,
      rows: [{ id, phase: { kind: 'completing' }, uploadedBytes: 2 * MiB }],
    });
    expect(await command.run('catalogue', '--json')).toMatchObject({ code: 0, rows: [] });
    expect(print(world)).toBe(before);
    gate.open();
    await world.rest();
    const { phase } = world.upload(id);
    const archiveId = phase.kind === 'stored' ? phase.archiveId : null;
    expect(await command.run('catalogue', '--json')).toMatchObject({ code: 0, rows: [{ archiveId }] });
  });

  it('gets the folder as soon as the first one is gone, however it went', async () => {
    const world = await World.open();
    await world.quit();
    const command = new FirnCommand(world.dataFolder, {});
    const child = command.start('run', '--json');
    const ended = finish(child);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await ended;
    await world.openFirn();
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('is the same one when it was quit and started again, as often as one likes', async () => {
    const world = await World.open();
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    for (let time = 0; time < 5; time += 1) await world.restart();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });
});
