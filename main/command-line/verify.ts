import type { Archive, ArchiveSum } from '../../shared/archive.ts';
import { printable } from '../../shared/failure.ts';
import {
  type CheckOutcome,
  type CheckProgress,
  type CheckTally,
  type LocalCheck,
  describeOutcome,
  describeSafety,
  describeTally,
} from '../../shared/local-check.ts';
import { formatBytes } from '../../shared/units.ts';
import { formatCount, plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import { besideUploads } from '../app/task-kinds.ts';
import type { VerifyArguments } from './command.ts';
import { chooseArchives, nothingFound } from './choose-archives.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { isEverything } from './filter.ts';
import type { Output } from './output.ts';
import { progressWords } from './progress-words.ts';

/** Reads the local files of the archives that are meant and compares; failed unless each is the same as its archive. */
export async function verify(app: App, { filter }: VerifyArguments, output: Output): Promise<ExitCode> {
  const chosen = chooseArchives(app, filter);
  if (!chosen.ok) return output.refusal(EXIT.failed, chosen.failure);
  const { choice, unknown } = chosen.value;
  const [first] = unknown;
  if (first !== undefined) return output.refusal(EXIT.failed, `The catalogue has no archive ${printable(first)}.`);
  const { count, bytes } = await app.checks.ask(choice);
  if (count === 0) {
    return output.refusal(EXIT.failed, isEverything(filter) ? 'There are no archives to check.' : nothingFound(filter));
  }
  output.event(
    { event: 'checking', archives: count, bytes },
    `Checking ${plural(count, 'archive')} (${formatBytes(bytes)}) against the local files`,
  );
  // Whoever looks at files here wants nothing begun that asks or pays Amazon.
  return finishChecks(app, output, ['file_check']);
}

/** Waits until nothing is to be checked any more, and tells what was found: done when all files are as they were. */
export async function finishChecks(app: App, output: Output, only = besideUploads): Promise<ExitCode> {
  const { checks, engine } = app;
  const isOver = (): boolean => checks.progress().waiting.count === 0;
  if (isOver()) return EXIT.done;
  const total = checks.progress().waiting;
  const telling: Promise<boolean>[] = [];
  const stops = [
    checks.onChecked((archive, check) => {
      telling.push(tellOne(app, archive, check, output));
    }),
    app.on('checks:changed', (progress) => {
      output.progress(wordsOfProgress(progress, total));
    }),
  ];
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (isOver()) resolve();
      };
      stops.push(checks.onChecked(look), engine.runner.onIdle(look));
      engine.runner.start(only);
    });
  } finally {
    for (const stop of stops) stop();
  }
  const safe = (await Promise.all(telling)).filter((isSafe) => isSafe).length;
  const { found } = checks.progress();
  output.event({ event: 'checked-all', found, safeToDelete: safe }, summary(found, safe));
  return found.same === telling.length ? EXIT.done : EXIT.failed;
}

/** `total`: what waited when it began. */
function wordsOfProgress({ waiting, current }: CheckProgress, total: ArchiveSum): string {
  const checked = Math.max(0, total.count - waiting.count);
  const done = Math.max(0, total.bytes - waiting.bytes) + (current?.hashed ?? 0);
  const what = `Checking, ${formatCount(checked)} of ${plural(total.count, 'archive')} done`;
  return progressWords(what, { done, total: total.bytes }, { rate: null, remainingMs: null });
}

/** Whether the local copy may be deleted. */
async function tellOne(app: App, archive: Archive, check: LocalCheck, output: Output): Promise<boolean> {
  const { outcome } = check;
  const safety = await app.checks.safetyOf(archive, check);
  const { path, vault, archiveId, size } = archive;
  const message = `${describeOutcome(outcome)} ${describeSafety(safety)}`;
  const isSafe = safety.kind === 'safe';
  const told = { event: 'checked', archiveId, vault, path, size, outcome: outcome.kind, safeToDelete: isSafe, message };
  output.event({ ...told, checkedAt: new Date(check.checkedAt).toISOString() }, wordsOf(archive, outcome));
  return isSafe;
}

/** What is as it was is not worth a line. */
function wordsOf({ path, description, archiveId }: Archive, outcome: CheckOutcome): string | null {
  return outcome.kind === 'same' ? null : `${printable(path ?? description) || archiveId}: ${describeOutcome(outcome)}`;
}

function summary(found: CheckTally, safe: number): string {
  const copies =
    found.same === 0
      ? ''
      : ` ${plural(safe, 'local copy', 'local copies')} may safely be deleted: the same as the archive, which an inventory lists.`;
  return `${describeTally(found)}${copies}`;
}
