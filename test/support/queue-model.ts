import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import type { OperationName } from '../../main/practice/protocol/routes.ts';
import { HOUR, MINUTE, MiB, SECOND } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { type Trouble, refusal } from './line.ts';
import { treeHashByDefinition } from './tree-hash-by-definition.ts';
import { losePartOnDisk, multipartsOnDisk } from './vault-on-disk.ts';
import { VAULT, type World } from './world.ts';

/** What the user wants of an upload, and what was done to its file: all that the model knows. */
export type Expected = {
  id: UploadId;
  path: string;
  /** Of the file as it was when it was added. */
  treeHash: string;
  wish: 'run' | 'pause' | 'cancel';
  isTampered: boolean;
};

export type Model = { uploads: Expected[] };

type Step = fc.AsyncCommand<Model, World>;

/** A step that says its name when a run is printed. */
function step(name: string, run: (model: Model, world: World) => Promise<void> | void): Step {
  return {
    check: () => true,
    run: async (model, world) => run(model, world),
    toString: () => name,
  };
}

/** One of the uploads, or none while there are none. */
function one(name: string, index: number, act: (upload: Expected, world: World) => Promise<void> | void): Step {
  return step(`${name}(${index})`, async ({ uploads }, world) => {
    const upload = uploads[index % Math.max(1, uploads.length)];
    if (upload) await act(upload, world);
  });
}

const add = (parts: number): Step =>
  step(`add(${parts})`, async ({ uploads }, world) => {
    const path = world.file(`${uploads.length}.raw`, Math.max(1, parts * MiB - (uploads.length % 3)));
    const [id] = await world.add([path]);
    if (id)
      uploads.push({ id, path, treeHash: treeHashByDefinition(readFileSync(path)), wish: 'run', isTampered: false });
  });

const pause = (index: number): Step =>
  one('pause', index, async (upload, world) => {
    await world.app.queue.pause([upload.id]);
    if (upload.wish === 'run') upload.wish = 'pause';
  });

const resume = (index: number): Step =>
  one('resume', index, async (upload, world) => {
    await world.app.queue.resume([upload.id]);
    if (upload.wish === 'pause') upload.wish = 'run';
  });

const cancel = (index: number): Step =>
  one('cancel', index, async (upload, world) => {
    await world.app.queue.cancel([upload.id]);
    // What waits for its last answer goes on as before.
    if (/^(aborting|cancelled)/.test(world.state(upload.id))) upload.wish = 'cancel';
  });

const pauseAll = step('pauseAll', async ({ uploads }, world) => {
  await world.app.queue.pause('all');
  for (const upload of uploads) if (upload.wish === 'run') upload.wish = 'pause';
});

const resumeAll = step('resumeAll', async ({ uploads }, world) => {
  await world.app.queue.resume('all');
  for (const upload of uploads) if (upload.wish === 'pause') upload.wish = 'run';
});

const holdQueue = (queuePaused: boolean): Step =>
  step(`holdQueue(${queuePaused})`, (_, world) => void world.app.changeSettings({ queuePaused }));

const parallel = (parallelParts: number): Step =>
  step(`parallel(${parallelParts})`, (_, world) => void world.app.changeSettings({ parallelParts }));

const touch = (index: number): Step =>
  one('touch', index, (upload) => {
    upload.isTampered = true;
    if (existsSync(upload.path)) utimesSync(upload.path, 1, 1 + Math.random() * 1e9);
  });

const grow = (index: number): Step =>
  one('grow', index, (upload) => {
    upload.isTampered = true;
    if (existsSync(upload.path)) appendFileSync(upload.path, 'more');
  });

const replace = (index: number): Step =>
  one('replace', index, (upload) => {
    upload.isTampered = true;
    if (!existsSync(upload.path)) return;
    const other = `${upload.path}.other`;
    writeFileSync(other, randomBytes(statSync(upload.path).size));
    renameSync(other, upload.path);
  });

const unplug = (index: number): Step =>
  one('unplug', index, ({ path }) => {
    if (existsSync(path)) renameSync(path, `${path}.away`);
  });

const plugIn = (index: number): Step =>
  one('plugIn', index, ({ path }) => {
    if (existsSync(`${path}.away`)) renameSync(`${path}.away`, path);
  });

const restart = step('restart', (_, world) => world.restart());
const crash = step('crash', (_, world) => world.crash());
const outage = step('outage', (_, world) => {
  world.line.down();
});
const network = step('network', (_, world) => {
  world.line.up();
});
const pass = (ms: number): Step =>
  step(`pass(${ms})`, (_, world) => {
    world.pass(ms);
  });
const moment = (ms: number): Step => step(`moment(${ms})`, () => new Promise((resolve) => setTimeout(resolve, ms)));

/** The service loses a part that it has acknowledged. */
const losePart = (index: number): Step =>
  step(`losePart(${index})`, (_, world) =>
    world.restartVault(() => {
      const [multipart] = multipartsOnDisk(world.practiceFolder, VAULT).filter(({ parts }) => parts.length > 0);
      if (!multipart) return;
      const lost = multipart.parts[index % multipart.parts.length] ?? '';
      const [first = '', last = ''] = (lost.split('.')[0] ?? '').split('-');
      world.excused.add(`bytes ${first}-${last}/*`);
      losePartOnDisk(multipart, index % multipart.parts.length);
    }),
  );

const operations: OperationName[] = [
  'InitiateMultipartUpload',
  'UploadMultipartPart',
  'ListParts',
  'ListMultipartUploads',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'DescribeVault',
  'InitiateJob',
  'DescribeJob',
  'GetJobOutput',
];

const troubles: Trouble[] = [
  { kind: 'cut', afterBytes: 0 },
  { kind: 'cut', afterBytes: MiB / 2 },
  { kind: 'lose-answer' },
  refusal(500, 'ServiceUnavailableException'),
  refusal(408, 'RequestTimeoutException', 'Request timed out.'),
  refusal(400, 'ThrottlingException', 'Rate exceeded'),
  { kind: 'answer', status: 503, body: '<html>Service Unavailable</html>' },
  { kind: 'change-answer', headers: { 'x-amz-sha256-tree-hash': 'b'.repeat(64) } },
];

const trouble = (operation: OperationName, what: number, times: number): Step =>
  step(`trouble(${operation}, ${what}, ${times})`, (_, world) => {
    world.line.next(operation, troubles[what] ?? { kind: 'lose-answer' }, times);
  });

const index = fc.nat({ max: 7 });

/** What users, files, networks, services and the power do, in any order. */
export const steps = fc.commands(
  [
    fc.integer({ min: 1, max: 4 }).map(add),
    fc.integer({ min: 1, max: 4 }).map(add),
    index.map(pause),
    index.map(resume),
    index.map(cancel),
    fc.constant(pauseAll),
    fc.constant(resumeAll),
    fc.boolean().map(holdQueue),
    fc.integer({ min: 1, max: 4 }).map(parallel),
    index.map(touch),
    index.map(grow),
    index.map(replace),
    index.map(unplug),
    index.map(plugIn),
    fc.constant(restart),
    fc.constant(crash),
    fc.constant(outage),
    fc.constant(network),
    fc.constantFrom(SECOND, 20 * SECOND, 3 * MINUTE, 11 * MINUTE, 5 * HOUR, 25 * HOUR).map(pass),
    fc.integer({ min: 1, max: 80 }).map(moment),
    fc.integer({ min: 1, max: 80 }).map(moment),
    fc.integer({ min: 1, max: 80 }).map(moment),
    index.map(losePart),
    fc
      .tuple(fc.constantFrom(...operations), fc.nat({ max: troubles.length - 1 }), fc.integer({ min: 1, max: 4 }))
      .map((args) => trouble(...args)),
    fc
      .tuple(fc.constantFrom(...operations), fc.nat({ max: troubles.length - 1 }), fc.integer({ min: 1, max: 4 }))
      .map((args) => trouble(...args)),
  ],
  { maxCommands: 40, size: 'max' },
);

/** All trouble ends. */
export function heal({ uploads }: Model, world: World): void {
  world.line.calm();
  for (const { path } of uploads) if (existsSync(`${path}.away`)) renameSync(`${path}.away`, path);
  world.app.changeSettings({ queuePaused: false });
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
