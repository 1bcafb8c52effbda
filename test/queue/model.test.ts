import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MiB } from '../../shared/units.ts';
import type { Model } from '../support/model/expected.ts';
import { comeToRest, heal, steps, surprises } from '../support/model/queue-model.ts';
import { World } from '../support/world.ts';

/** `npm run model` sets these; otherwise a few runs, which are other ones each time. */
const numRuns = Number(process.env['FIRN_MODEL_RUNS'] ?? 6);
const seed = Number(process.env['FIRN_MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const path = process.env['FIRN_MODEL_PATH'];
const PATIENCE_PER_RUN_MS = 90_000;

/** Whatever happens: all comes to rest as the model says; and once nothing is in the way any more, all is stored once. */
async function live(commands: Iterable<fc.AsyncCommand<Model, World>>): Promise<void> {
  const world = await World.open({ settings: {} });
  const model: Model = { uploads: [], refusedKeys: null };
  try {
    await fc.asyncModelRun(() => ({ model, real: world }), commands);
    await heal(model, world);
    await comeToRest(world);
    expect(surprises(model, world)).toEqual([]);
    // Of what is paused in the middle, a stray may be left until it goes on.
    expect((await world.broken()).filter((problem) => !problem.startsWith('multipart'))).toEqual([]);

    for (const upload of model.uploads) {
      if (world.state(upload.id).endsWith('file-changed')) await world.app.queue.startOver(upload.id, MiB);
    }
    await world.app.queue.resume('all');
    await comeToRest(world);
    for (const upload of model.uploads) {
      if (world.state(upload.id).endsWith('file-changed')) await world.app.queue.startOver(upload.id, MiB);
    }
    await comeToRest(world);
    const open = world.app.uploads.openIds().map((id) => world.state(id));
    expect(open).toEqual([]);
    expect(await world.broken()).toEqual([]);
  } finally {
    await world.end();
  }
}

it(
  `whatever users, files, networks, services and the power do, each archive ends up in the vault once (seed ${seed})`,
  async () => {
    const options = { numRuns, seed, endOnFailure: true, verbose: 1, ...(path !== undefined && { path }) };
    await fc.assert(fc.asyncProperty(steps, live), options);
  },
  numRuns * PATIENCE_PER_RUN_MS,
);
