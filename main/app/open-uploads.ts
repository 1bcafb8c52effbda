import { join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import type { Comparing } from '../../shared/selection.ts';
import type { UploadId, UploadView } from '../../shared/upload.ts';
import { allowanceAt, minuteOfDay } from '../../shared/schedule.ts';
import { CatalogueCopies } from '../catalogue/copies.ts';
import type { EnqueuePorts } from '../uploads/enqueue.ts';
import { FileHashes } from '../core/file-hashes.ts';
import type { Clock, SourceFile } from '../core/ports.ts';
import { Runner } from '../uploads/runner.ts';
import { ExpiryWatch } from '../uploads/expiry-watch.ts';
import { Feed, inPieces } from './feed.ts';
import type { Ground } from './foundation.ts';
import { Queue } from '../uploads/queue.ts';
import { ElsewhereWatch } from '../relocation/elsewhere-watch.ts';
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
  runner: Runner;
  feed: Feed<UploadId, UploadView>;
  /** Archives the catalogue itself. */
  copies: CatalogueCopies;
  close(): Promise<void>;
};

/** Builds all that uploads are made of. `isClosed`: whether a vault takes nothing any more. */
export function openQueue(ground: Ground, isClosed: EnqueuePorts['isClosed']): OpenQueue {
  const { clock, catalogue, settings, listeners, guard } = ground;
  const uploads = new UploadStore(ground.db, catalogue);
  const runner = openRunner(ground, uploads);
  const { files } = ground.hashing;
  const archived = new ArchivedFileStore(ground.db);
  const hashes = new FileHashes(files, tellNowAndThen(listeners.teller('adding:comparing'), clock));
  const queue = new Queue(uploads, runner, { uploads, archived, files, hashes, clock, isClosed });
  const relocation = new Relocation({
    places: new FilePlaceStore(ground.db),
    uploads,
    catalogue,
    archived,
    files,
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
  const look = (): ReturnType<typeof lookAtUploads> => lookAtUploads(runner, uploads, clock);
  const ticker = new ProgressTicker(look, listeners.teller('uploads:progress'), guard);
  const elsewhere = new ElsewhereWatch({
    uploads,
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
    runner,
    feed,
    copies,
    async close() {
      queue.close();
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

function openRunner(ground: Ground, uploads: UploadStore): Runner {
  const { clock, settings, destinations } = ground;
  return new Runner({
    ...ground.loop,
    uploads,
    catalogue: ground.catalogue,
    jobs: new InventoryJobStore(ground.db),
    files: ground.hashing.files,
    random: ground.random,
    settings: () => settings.get(),
    allowance: () => allowanceAt(settings.get(), minuteOfDay(new Date(clock.now()))),
    setRate: (bytesPerSecond) => {
      destinations.setRate(bytesPerSecond);
    },
    account: ground.account,
    destination(account) {
      destinations.expectParts();
      return ground.service(account);
    },
  });
}
