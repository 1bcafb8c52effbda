import { MiB } from '../../../shared/units.ts';
import type { UploadId } from '../../../shared/upload.ts';
import type { World } from '../world.ts';
import { expectation, type Model, one, type Step, step } from './expected.ts';

export const add = (parts: number): Step =>
  step(`add(${parts})`, async ({ uploads }, world) => {
    const path = world.file(`${uploads.length}.raw`, Math.max(1, parts * MiB - (uploads.length % 3)));
    const [id] = await world.add([path]);
    if (id) uploads.push(expectation(id, path));
  });

export const pause = (index: number): Step =>
  one('pause', index, async (upload, world) => {
    await world.app.queue.pause([upload.id]);
    if (upload.wish === 'run') upload.wish = 'pause';
  });

export const resume = (index: number): Step =>
  one('resume', index, async (upload, world) => {
    await world.app.queue.resume([upload.id]);
    if (upload.wish === 'pause') upload.wish = 'run';
  });

/**
 * Nobody can look for what an unanswered initiate has begun while the service refuses our keys, and cancelling does not
 * wait for other keys. What it leaves is empty, costs nothing, and expires by itself within a day. Nor does it wait for
 * the inventory that would tell of an archive; the user's own inventories do.
 */
function excuseWhatIsLeft(id: UploadId, world: World, { refusedKeys }: Model): void {
  const { phase, description } = world.upload(id);
  const isUnanswered = phase.kind === 'queued' && phase.initiateAskedAt !== null;
  if (refusedKeys && isUnanswered) world.excusedStrays.add(description);
  if (phase.kind === 'unconfirmed') world.forgotten.add(phase.treeHash);
}

export const cancel = (index: number): Step =>
  one('cancel', index, async (upload, world, model) => {
    excuseWhatIsLeft(upload.id, world, model);
    await world.app.queue.cancel([upload.id]);
    // What waits for its last answer goes on as before.
    if (/^(aborting|cancelled)/.test(world.state(upload.id))) upload.wish = 'cancel';
  });

export const pauseAll = step('pauseAll', async ({ uploads }, world) => {
  await world.app.queue.pause('all');
  for (const upload of uploads) if (upload.wish === 'run') upload.wish = 'pause';
});

export const resumeAll = step('resumeAll', async ({ uploads }, world) => {
  await world.app.queue.resume('all');
  for (const upload of uploads) if (upload.wish === 'pause') upload.wish = 'run';
});

export const holdQueue = (queuePaused: boolean): Step =>
  step(`holdQueue(${queuePaused})`, (_, world) => void world.app.changeSettings({ queuePaused }));

export const parallel = (parallelParts: number): Step =>
  step(`parallel(${parallelParts})`, (_, world) => void world.app.changeSettings({ parallelParts }));

export const limit = (bytesPerSecond: number | null): Step =>
  step(`limit(${bytesPerSecond})`, (_, world) => void world.app.changeSettings({ bytesPerSecond }));

export const filesAtOnce = (parallelUploads: number): Step =>
  step(`filesAtOnce(${parallelUploads})`, (_, world) => void world.app.changeSettings({ parallelUploads }));

export const reorder = (index: number, place: number): Step =>
  one(`reorder(${place})`, index, async ({ id }, world) => {
    await world.app.queue.move([id], world.app.uploads.openIds()[place] ?? null);
  });

/** The file is wanted as it is now: a new upload takes the place of the old one, unless that one's last answer is open. */
export const startOver = (index: number): Step =>
  one('startOver', index, async ({ id, path }, world, model) => {
    const before = new Set(world.app.uploads.list().map((upload) => upload.id));
    excuseWhatIsLeft(id, world, model);
    await world.app.queue.startOver(id, MiB);
    const fresh = world.app.uploads.list().find((upload) => !before.has(upload.id));
    for (const upload of model.uploads) {
      if (upload.id === id && /^(aborting|cancelled)/.test(world.state(id))) upload.wish = 'cancel';
    }
    if (fresh) model.uploads.push(expectation(fresh.id, path));
  });

export const signIn = step('signIn', async (model, world) => {
  if (model.refusedKeys) world.credentials.unshift(model.refusedKeys);
  model.refusedKeys = null;
  await world.app.accounts.signIn(world.accountId, null);
});
