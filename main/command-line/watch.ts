import { printable } from '../../shared/failure.ts';
import { noticeInOneLine } from '../../shared/notice.ts';
import { formatBytes } from '../../shared/units.ts';
import { type LiveProgress, type UploadId, type UploadView, isFinal } from '../../shared/upload.ts';
import { describeProgress, formatCount, plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import { EXIT, type ExitCode, exitForNeed } from './exit-code.ts';
import { type Output, explainHere } from './output.ts';
import { progressWords } from './progress-words.ts';
import { type Settled, needOf, untilSettled } from './until-settled.ts';

/** Tells what becomes of the uploads and resolves when each is stored, cancelled, or needs the user, with how the command ends. */
export async function watchUntilSettled(app: App, ids: readonly UploadId[], output: Output): Promise<ExitCode> {
  const stopTelling = tellProgress(app, ids, output);
  const told = new Set<string>();
  try {
    return await untilSettled(app, {
      open: new Set(ids),
      event: 'uploads:changed',
      settle: (id) => settleUpload(app, id, output),
      start: () => {
        app.engine.runner.start(['upload']);
      },
      tellNotices(notices) {
        for (const one of ['records-wait', 'records-damaged', 'work-stopped', 'files-elsewhere']) {
          const notice = notices.find(({ kind }) => kind === one);
          const words = notice && noticeInOneLine(notice);
          if (words === undefined || told.has(words)) continue;
          told.add(words);
          output.problem(words);
        }
      },
    });
  } finally {
    stopTelling();
  }
}

/** What has become of an upload, told when it is over or needs the user. */
export function settleUpload(app: App, id: UploadId, output: Output): Settled {
  const upload = app.uploads.get(id);
  if (!upload) return EXIT.done;
  const { path, vault, phase, hold } = upload;
  const name = printable(path);
  if (phase.kind === 'stored') {
    const { archiveId, treeHash } = phase;
    const location = app.catalogue.locationOf(upload.accountId, vault, archiveId);
    output.event(
      { event: 'stored', path, vault, archiveId, treeHash, size: upload.size, location },
      `Stored ${name} (${formatBytes(upload.size)}) in ${vault}\n  archive ID ${archiveId}\n  tree hash  ${treeHash}`,
    );
    return EXIT.done;
  }
  if (isFinal(phase)) {
    output.event({ event: 'cancelled', id, path, vault }, `Cancelled ${name}`);
    return EXIT.done;
  }
  const failure = needOf(app, upload);
  if (failure) {
    const message = explainHere(failure, id);
    output.event({ event: 'needs-user', id, path, vault, failure, message }, null);
    output.problem(`${name}: ${message}`);
    return exitForNeed(failure);
  }
  if (hold?.kind !== 'paused') return 'open';
  output.event({ event: 'needs-user', id, path, vault, failure: null, message: 'Paused' }, null);
  output.problem(`${name} is paused. "firn resume ${id}" lets it go on.`);
  return EXIT.needsYou;
}

/** Waits are told when they begin; progress is a line on a terminal and an event a second for programs. */
function tellProgress(app: App, ids: readonly UploadId[], output: Output): () => void {
  const told = new Map<UploadId, string>();
  const tally = new Tally(app, ids);
  let lastEventAt = 0;
  const stops = [
    app.on('uploads:changed', ({ items }) => {
      for (const upload of items) {
        tellWait(upload, told, output);
        tally.changed(upload);
      }
    }),
    app.on('uploads:progress', ({ uploads, rate, remainingMs }) => {
      output.progress(progressWords(tally.words(), tally.bytes(uploads), { rate, remainingMs }));
      if (!output.json || Date.now() - lastEventAt < 1000) return;
      lastEventAt = Date.now();
      for (const live of uploads)
        output.event({ event: 'progress', ...live, path: app.uploads.get(live.id)?.path }, null);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** How much of the uploads that are watched is done. Bytes. */
class Tally {
  readonly #sent = new Map<UploadId, { size: number; sent: number; isStored: boolean }>();

  constructor({ uploads }: App, ids: readonly UploadId[]) {
    for (const id of ids) {
      const upload = uploads.get(id);
      if (upload) this.#sent.set(id, sentOf(upload));
    }
  }

  changed(upload: UploadView): void {
    if (this.#sent.has(upload.id)) this.#sent.set(upload.id, sentOf(upload));
  }

  words(): string {
    const all = [...this.#sent.values()];
    const stored = all.filter(({ isStored }) => isStored).length;
    return `Uploading, ${formatCount(stored)} of ${plural(all.length, 'file')} stored`;
  }

  bytes(live: readonly LiveProgress[]): { done: number; total: number } {
    const onWire = new Map(live.map(({ id, sentBytes }) => [id, sentBytes]));
    let [done, total] = [0, 0];
    for (const [id, { size, sent }] of this.#sent) {
      done += Math.max(sent, onWire.get(id) ?? 0);
      total += size;
    }
    return { done, total };
  }
}

function sentOf({ phase, size, uploadedBytes }: UploadView): { size: number; sent: number; isStored: boolean } {
  const isStored = phase.kind === 'stored';
  return { size, sent: isStored ? size : uploadedBytes, isStored };
}

function tellWait(upload: UploadView, told: Map<UploadId, string>, output: Output): void {
  const { id, path, vault, hold } = upload;
  if (hold?.kind !== 'backoff') return;
  const key = `${hold.failure.kind} ${hold.attempt}`;
  if (told.get(id) === key) return;
  told.set(id, key);
  const message = explainHere(hold.failure, id);
  output.event(
    { event: 'waiting', id, path, vault, failure: hold.failure, until: hold.until, attempt: hold.attempt, message },
    null,
  );
  // The first wait of a kind is worth a line; a long outage is not worth a hundred.
  if (hold.attempt === 1 || hold.attempt % 10 === 0) {
    output.problem(`${printable(path)}: ${describeProgress(upload, null, Date.now())} ${message}`);
  }
}
