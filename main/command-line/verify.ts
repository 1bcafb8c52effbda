import { type Archive, everyArchive } from '../../shared/archive.ts';
import { printable } from '../../shared/failure.ts';
import {
  type CheckOutcome,
  type CheckTally,
  type LocalCheck,
  describeOutcome,
  describeSafety,
  describeTally,
} from '../../shared/local-check.ts';
import { formatBytes } from '../../shared/units.ts';
import { plural } from '../../shared/words.ts';
import type { TaskKind } from '../core/task-runner.ts';
import type { App } from '../open.ts';
import type { VerifyArguments } from './arguments.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** Reads the local files of the archives that match and compares; 1 unless each is the same as its archive. */
export async function verify(app: App, { search: text, vault }: VerifyArguments, output: Output): Promise<ExitCode> {
  const everything = { kind: 'matching', ...everyArchive, except: [] } as const;
  const { count, bytes } = app.checks.ask({ ...everything, text, vault });
  if (count === 0) {
    output.problem(text === '' ? 'There are no archives to check.' : `Nothing found for "${printable(text)}".`);
    return 1;
  }
  output.event(
    { event: 'checking', archives: count, bytes },
    `Checking ${plural(count, 'archive')} (${formatBytes(bytes)}) against the local files`,
  );
  // Whoever looks at files here wants nothing begun that asks or pays Amazon.
  return (await finishChecks(app, output, [app.checks.kind])) ? 0 : 1;
}

/** Waits until nothing is to be checked any more, and tells what was found: true when all files are as they were. */
export async function finishChecks(app: App, output: Output, only?: readonly TaskKind[]): Promise<boolean> {
  const { checks, tasks } = app;
  const isOver = (): boolean => checks.progress().waiting.count === 0;
  if (isOver()) return true;
  const telling: Promise<boolean>[] = [];
  const stops = [
    checks.onChecked((archive, check) => {
      telling.push(tellOne(app, archive, check, output));
    }),
    app.on('checks:changed', ({ waiting }) => {
      output.status(`${plural(waiting.count, 'archive')} to check, ${formatBytes(waiting.bytes)}`);
    }),
  ];
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (isOver()) resolve();
      };
      stops.push(checks.onChecked(look), tasks.onIdle(look));
      tasks.start(only);
    });
  } finally {
    for (const stop of stops) stop();
  }
  const safe = (await Promise.all(telling)).filter((isSafe) => isSafe).length;
  const { found } = checks.progress();
  output.event({ event: 'checked-all', found, safeToDelete: safe }, summary(found, safe));
  return found.same === telling.length;
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
