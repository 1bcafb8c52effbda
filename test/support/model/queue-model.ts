import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE, MiB, SECOND } from '../../../shared/units.ts';
import type { World } from '../world.ts';
import type { Expected, Model } from './expected.ts';
import { grow, plugIn, replace, shrink, touch, unplug } from './file-steps.ts';
import {
  add,
  cancel,
  filesAtOnce,
  holdQueue,
  limit,
  parallel,
  pause,
  pauseAll,
  reorder,
  resume,
  resumeAll,
  signIn,
  startOver,
} from './user-steps.ts';
import {
  crash,
  losePart,
  moment,
  network,
  operations,
  outage,
  pass,
  refuseKeys,
  restart,
  setClock,
  sleep,
  trouble,
  troubles,
} from './world-steps.ts';

const index = fc.nat({ max: 7 });

const often = 4;
const times = <T>(count: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T>[] =>
  Array.from({ length: count }, () => arbitrary);

/** What users, files, networks, services and the power do, in any order. */
export const steps = fc.commands(
  [
    ...times(often, fc.integer({ min: 1, max: 4 }).map(add)),
    index.map(pause),
    index.map(resume),
    index.map(cancel),
    index.map(startOver),
    fc.constant(pauseAll),
    fc.constant(resumeAll),
    fc.boolean().map(holdQueue),
    fc.integer({ min: 1, max: 4 }).map(parallel),
    fc.integer({ min: 1, max: 4 }).map(filesAtOnce),
    fc.constantFrom(null, 16 * MiB, 64 * MiB).map(limit),
    fc.tuple(index, index).map((args) => reorder(...args)),
    fc.constant(refuseKeys),
    ...times(2, fc.constant(signIn)),
    index.map(touch),
    index.map(grow),
    index.map(shrink),
    index.map(replace),
    index.map(unplug),
    index.map(plugIn),
    fc.constant(restart),
    ...times(2, fc.constant(crash)),
    fc.constant(outage),
    ...times(2, fc.constant(network)),
    fc.constantFrom(SECOND, 20 * SECOND, 3 * MINUTE, 11 * MINUTE, 5 * HOUR, 25 * HOUR).map(pass),
    fc.constantFrom(-365 * DAY, -6 * MINUTE, 6 * MINUTE, 365 * DAY).map(setClock),
    fc.constantFrom(20 * SECOND, 8 * HOUR, 25 * HOUR).map(sleep),
    ...times(often, fc.integer({ min: 1, max: 80 }).map(moment)),
    index.map(losePart),
    ...times(
      often,
      fc
        .tuple(fc.constantFrom(...operations), fc.nat({ max: troubles.length - 1 }), fc.integer({ min: 1, max: 4 }))
        .map((args) => trouble(...args)),
    ),
  ],
  { maxCommands: 40, size: 'max' },
);

/** All trouble ends. */
export async function heal(model: Model, world: World): Promise<void> {
  world.line.calm();
  for (const { path } of model.uploads) if (existsSync(`${path}.away`)) renameSync(`${path}.away`, path);
  world.app.changeSettings({ queuePaused: false, bytesPerSecond: null });
  await signIn.run(model, world);
}

/** Everything comes to rest by itself, however long that takes. */
export async function comeToRest(world: World): Promise<void> {
  await world.wait('rest', 20 * MINUTE, () => world.isAtRest());
}

/** What the model says that the uploads must be, now that all is at rest, and are not. */
export function surprises({ uploads }: Model, world: World): string[] {
  return uploads.flatMap((upload) => {
    const state = world.state(upload.id);
    const { phase } = world.upload(upload.id);
    const name = basename(upload.path);
    if (phase.kind === 'stored' && phase.treeHash !== upload.treeHash) return [`${name} is stored with other bytes`];
    return allowed(upload).test(state) ? [] : [`${name} should ${upload.wish} and is ${state}`];
  });
}

/** A change, a pause and a cancellation may come too late: then the archive is stored. */
function allowed({ wish, isTampered }: Expected): RegExp {
  if (wish === 'cancel') return /^(cancelled|stored)$/;
  if (wish === 'pause') return /( paused|^stored)$/;
  return isTampered ? /( failed file-changed|^stored)$/ : /^stored$/;
}
