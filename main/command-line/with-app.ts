import { askForCode } from './ask.ts';
import { noticeInOneLine } from '../../shared/notice.ts';
import { redactAll } from '../../shared/redact.ts';
import type { App } from '../app/app.ts';
import { openApp } from '../app/open.ts';
import { noKeyring } from '../places/secrets.ts';
import type { Arguments } from './command.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

export type Surroundings = {
  codeFolder: string;
  version: string;
  output: Output;
  onClose: (close: () => Promise<void>) => void;
};

/** Opens the application for one command; whoever hears of `onClose` closes it. */
export async function withApp(
  { command, parallel, limit, gentle }: Arguments,
  dataFolder: string,
  { codeFolder, output, onClose }: Surroundings,
  act: (app: App) => Promise<ExitCode>,
): Promise<ExitCode> {
  const opened = await openApp({
    dataFolder,
    codeFolder,
    secrets: noKeyring,
    askForCode,
    log: (message, details) => {
      output.problem(`${message}: ${JSON.stringify(redactAll(details))}`);
    },
    settings: {
      // Whoever types "run" wants it to run, also when the window left the queue paused; whoever cancels wants nothing sent.
      queuePaused: command.kind === 'cancel',
      ...(parallel !== null && { parallelParts: parallel }),
      ...(limit !== null && { bytesPerSecond: limit }),
      ...(gentle && { cpuUse: 'gentle' as const }),
    },
  });
  if (!opened.ok) return output.failure(opened.failure);
  const app = opened.value;
  onClose(() => app.close());
  tellNotices(app, output);
  // The application's own timers and idle threads keep no process alive, but a command is not over while it waits for one.
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await act(app);
  } catch (error) {
    const failure = app.failureOf(error);
    if (failure.kind === 'unexpected') throw error;
    return output.failure(failure);
  } finally {
    clearInterval(alive);
  }
}

/** Once told, there is no window in which they would have to stay. */
function tellNotices({ notices }: App, output: Output): void {
  for (const notice of notices.list()) {
    const message = noticeInOneLine(notice);
    output.event({ event: 'notice', notice, message }, null);
    output.problem(message);
    notices.dismiss(notice.id);
  }
}
