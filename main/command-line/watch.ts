import { explainInOneLine, printable } from '../../shared/failure.ts';
import { noticeInOneLine } from '../../shared/notice.ts';
import { formatBytes, formatDuration } from '../../shared/units.ts';
import { type UploadId, type UploadView, isFinal } from '../../shared/upload.ts';
import { describeProgress } from '../../shared/words.ts';
import type { App } from '../open.ts';
import type { Output } from './output.ts';
import { type Settled, needOf, untilSettled } from './until-settled.ts';

/**
 * Tells what becomes of the uploads and resolves when each is stored, cancelled, or needs the user: true when none
 * does.
 */
export async function watchUntilSettled(app: App, ids: readonly UploadId[], output: Output): Promise<boolean> {
  const stopTelling = tellProgress(app, output);
  try {
    return await untilSettled(app, {
      open: new Set(ids),
      event: 'uploads:changed',
      settle: (id) => settle(app, id, output),
      start: () => {
        app.runner.start();
      },
      tellNotices(notices) {
        for (const told of ['records-wait', 'records-damaged', 'work-stopped']) {
          const notice = notices.find(({ kind }) => kind === told);
          if (notice) output.problem(noticeInOneLine(notice));
        }
      },
    });
  } finally {
    stopTelling();
  }
}

function settle(app: App, id: UploadId, output: Output): Settled {
  const upload = app.uploads.get(id);
  if (!upload) return 'done';
  const { path, vault, phase, hold } = upload;
  const name = printable(path);
  if (phase.kind === 'stored') {
    const { archiveId, treeHash } = phase;
    const location = app.catalogue.locationOf(upload.accountId, vault, archiveId);
    output.event(
      { event: 'stored', path, vault, archiveId, treeHash, size: upload.size, location },
      `Stored ${name} (${formatBytes(upload.size)}) in ${vault}\n  archive ID ${archiveId}\n  tree hash  ${treeHash}`,
    );
    return 'done';
  }
  if (isFinal(phase)) {
    output.event({ event: 'cancelled', id, path, vault }, `Cancelled ${name}`);
    return 'done';
  }
  const failure = needOf(app, upload);
  if (failure) {
    const message = explainInOneLine(failure);
    output.event({ event: 'needs-user', id, path, vault, failure, message }, null);
    output.problem(`${name}: ${message}`);
    return 'needs-user';
  }
  if (hold?.kind !== 'paused') return 'open';
  output.event({ event: 'needs-user', id, path, vault, failure: null, message: 'Paused' }, null);
  output.problem(`${name} is paused. "firn resume ${id}" lets it go on.`);
  return 'needs-user';
}

/** Waits are told when they begin; progress is a line on a terminal and an event a second for programs. */
function tellProgress(app: App, output: Output): () => void {
  const told = new Map<UploadId, string>();
  let lastEventAt = 0;
  const stops = [
    app.on('uploads:changed', ({ items }) => {
      for (const upload of items) tellWait(upload, told, output);
    }),
    app.on('uploads:progress', ({ uploads, rate, remainingMs }) => {
      const sent = uploads.reduce((sum, live) => sum + live.sentBytes, 0);
      const speed = rate === null ? '' : `, ${formatBytes(rate)}/s`;
      const left = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} left`;
      output.status(`Uploading ${uploads.length} file(s): ${formatBytes(sent)} sent${speed}${left}`);
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

function tellWait(upload: UploadView, told: Map<UploadId, string>, output: Output): void {
  const { id, path, vault, hold } = upload;
  if (hold?.kind !== 'backoff') return;
  const key = `${hold.failure.kind} ${hold.attempt}`;
  if (told.get(id) === key) return;
  told.set(id, key);
  const message = explainInOneLine(hold.failure);
  output.event(
    { event: 'waiting', id, path, vault, failure: hold.failure, until: hold.until, attempt: hold.attempt, message },
    null,
  );
  // The first wait of a kind is worth a line; a long outage is not worth a hundred.
  if (hold.attempt === 1 || hold.attempt % 10 === 0) {
    output.problem(`${printable(path)}: ${describeProgress(upload, null, Date.now())} ${message}`);
  }
}
