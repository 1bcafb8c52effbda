import { join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import type { Comparing } from '../../shared/selection.ts';
import type { UploadId, UploadView } from '../../shared/upload.ts';
import { type Allowance, allowanceAt, minuteOfDay } from '../../shared/schedule.ts';
import { CatalogueCopies } from '../catalogue/copies.ts';
import type { EnqueuePorts } from '../uploads/enqueue.ts';
import { FileHashes } from '../core/file-hashes.ts';
import type { Clock, SourceFile } from '../core/ports.ts';
import { ExpiryWatch } from '../uploads/expiry-watch.ts';
import { Feed, inPieces } from './feed.ts';
import type { Ground } from './foundation.ts';
import type { LaneRule } from '../engine/runner.ts';
import type { Waits } from '../engine/waits.ts';
import { Queue } from '../uploads/queue.ts';
import { driveWatcher } from '../uploads/drive-watcher.ts';
import { type ElsewherePorts, ElsewhereWatch } from '../relocation/elsewhere-watch.ts';
import { UPLOAD_LANES } from '../uploads/upload-kind.ts';
import { UploadWorker } from '../uploads/worker.ts';
import { Relocation } from '../relocation/relocate.ts';
import { ArchivedFileStore } from '../store/archived-files.ts';
import { FilePlaceStore } from '../store/file-places.ts';
import { InventoryJobStore } from '../store/inventory-jobs.ts';
import { UploadStore } from '../store/uploads.ts';
import { ProgressTicker, lookAtUploads } from './ticker.ts';

const TELL_MS = 250;

export type OpenQueue = {
  queue: Queue;
  /** Tells where files are now. */
  relocation: Relocation;
  /** Looks for files that are missing. */
  elsewhere: ElsewhereWatch;
  uploads: UploadStore;
  worker: UploadWorker;
  feed: Feed<UploadId, UploadView>;
  /** Archives the catalogue itself. */
  copies: CatalogueCopies;
  close(): Promise<void>;
};

/** Builds all that uploads are made of. `isClosed`: whether a vault takes nothing any more. */
export function openQueue(ground: Ground, isClosed: EnqueuePorts['isClosed']): OpenQueue {
  const { clock, catalogue, settings, listeners, guard } = ground;
  const { tasks, waits, watchers, runner, commands } = ground.engine;
  const uploads = new UploadStore(ground.db, catalogue, tasks, () => waits.list());
  const worker = openWorker(ground, uploads);
  runner.employ(worker, lanesOf(ground));
  const { files } = ground.hashing;
  const archived = new ArchivedFileStore(ground.db);
  const hashes = new FileHashes(files, tellNowAndThen(listeners.teller('adding:comparing'), clock));
  const adding = { uploads, archived, files, volumes: ground.volumes, hashes, clock, isClosed };
  const queue = new Queue({ uploads, runner, worker, commands, adding });
  const relocation = new Relocation({
    places: new FilePlaceStore(ground.db),
    uploads,
    catalogue,
    archived,
    files,
    volumes: ground.volumes,
    hashes,
    runner,
    clock,
    tellArchives: ground.tellArchives,
  });
  const feed = new Feed(
    uploads,
    inPieces(uploads),
    (changes) => {
      listeners.emit('uploads:changed', changes);
      if (changes.items.some(({ phase }) => phase.kind === 'stored')) ground.tellArchives();
    },
    guard,
  );
  const stopTelling = tellWaits(waits, feed);
  const look = (): ReturnType<typeof lookAtUploads> => lookAtUploads(worker, uploads, clock);
  const ticker = new ProgressTicker(look, listeners.teller('uploads:progress'), guard);
  watchers.set('drive', (key, failure) => driveWatcher(key, failure, ground.volumes));
  const elsewhere = new ElsewhereWatch({
    uploads: asShown(uploads, waits),
    files,
    relocation,
    volumes: ground.volumes,
    clock,
    tell: (notice) => {
      ground.notices.tellMeanwhile('files-elsewhere', notice, clock.now());
    },
    onError: (error) => {
      ground.log('no look for missing files elsewhere', { error: errorText(error) });
    },
  });
  const expiryWatch = new ExpiryWatch(uploads, ground.notices, clock, guard);
  const copies = new CatalogueCopies({
    databaseFile: ground.databaseFile,
    folder: join(ground.dataFolder, 'catalogue-copies'),
    catalogue,
    uploads,
    account: ground.account,
    queue,
    place: () => settings.get().catalogueCopy,
    preferredPartSize: () => settings.get().partSize,
    clock,
    failureOf: ground.failureOf,
    tell: (notice) => {
      ground.notices.tellMeanwhile('catalogue-not-archived', notice, clock.now());
    },
  });
  return {
    queue,
    relocation,
    elsewhere,
    uploads,
    worker,
    feed,
    copies,
    async close() {
      queue.close();
      stopTelling();
      for (const part of [ticker, feed, expiryWatch, elsewhere]) part.close();
      await copies.close();
    },
  };
}

/** At most four times a second. */
function tellNowAndThen(
  tell: (comparing: Comparing) => void,
  clock: Pick<Clock, 'now'>,
): (source: SourceFile, hashed: number) => void {
  let toldAt = -Infinity;
  return ({ path, identity }, hashed) => {
    if (Math.abs(clock.now() - toldAt) < TELL_MS) return;
    toldAt = clock.now();
    tell({ path, size: identity.size, hashed });
  };
}

function openWorker(ground: Ground, uploads: UploadStore): UploadWorker {
  const { clock, settings, destinations, loop, catalogue, account } = ground;
  return new UploadWorker({
    uploads,
    catalogue,
    jobs: new InventoryJobStore(ground.db),
    files: ground.hashing.files,
    volumes: ground.volumes,
    clock,
    sleep: loop.sleep,
    accounts: loop.accounts,
    settings: () => settings.get(),
    allowance: () => allowanceNow(ground),
    setRate: (bytesPerSecond) => {
      destinations.setRate(bytesPerSecond);
    },
    account,
    destination(owner) {
      destinations.expectParts();
      return ground.service(owner);
    },
  });
}

/** A pause, of the user or of the schedule, is about sending: what was cancelled is no upload any more. */
function lanesOf(ground: Ground): LaneRule[] {
  const { settings } = ground;
  const places = (): number => settings.get().parallelUploads;
  const isPaused = (): boolean => settings.get().queuePaused || allowanceNow(ground) === 'paused';
  return [
    {
      name: UPLOAD_LANES.large,
      alsoFrom: [UPLOAD_LANES.small],
      limit: () => (isPaused() ? 0 : places()),
      beside: { lane: UPLOAD_LANES.small, limit: () => 1 },
      urgent: 1,
      changesWithTime: true,
    },
    { name: UPLOAD_LANES.aborting, limit: places },
  ];
}

/** As people see them: what an upload waits for with others is at it as if it waited alone. */
function asShown(uploads: UploadStore, waits: Waits): ElsewherePorts['uploads'] {
  return {
    get(id) {
      const [view] = uploads.views([id]);
      const upload = uploads.get(id);
      return upload && view ? { ...upload, hold: view.hold } : null;
    },
    onChange(listener) {
      const stops = [
        uploads.onChange(listener),
        waits.onChange(() => {
          listener(waits.list().flatMap(({ triedBy }) => triedBy));
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

function allowanceNow({ settings, clock }: Ground): Allowance {
  return allowanceAt(settings.get(), minuteOfDay(new Date(clock.now())));
}

/** Uploads that have tried what is missing show it, and show it no longer when it is there. */
function tellWaits(waits: Waits, feed: Feed<UploadId, UploadView>): () => void {
  let told: UploadId[] = [];
  return waits.onChange(() => {
    const now = waits.list().flatMap(({ triedBy }) => triedBy);
    feed.tell([...told, ...now]);
    told = now;
  });
}
