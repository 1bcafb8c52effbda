// What Electron runs first: the window, or, after `--cli`, the command line. The latter runs, and ends, before Electron is
// ready, so that it needs no display.
import { app } from 'electron/main';
import { wordsForCommandLine } from './command-line-words.ts';

const words = wordsForCommandLine(process.argv);
if (words === null) await import('./index.ts');
else {
  process.argv = [process.execPath, 'firn', ...words];
  await import('../command-line/cli.ts');
  await Promise.all([written(process.stdout), written(process.stderr)]);
  app.exit(Number(process.exitCode ?? 0));
}

/** Pipes of Windows take their time. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}
