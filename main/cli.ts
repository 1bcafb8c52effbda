import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorText, errorTrace } from '../shared/error-text.ts';
import { readArguments } from './command-line/arguments.ts';
import type { ExitCode } from './command-line/exit-code.ts';
import { NoData } from './command-line/look.ts';
import { Output } from './command-line/output.ts';
import { perform } from './command-line/perform.ts';

const codeFolder = import.meta.dirname;
const args = readArguments(process.argv.slice(2), process.env);
const output = new Output(args.ok && args.value.json);
let close: () => Promise<void> = () => Promise.resolve();

for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(name, () => {
    output.problem('Stopped. "firn run" goes on where this ended.');
    void close().finally(() => process.exit(code));
  });
}
// A reader that has seen enough (`firn catalogue | head`) is no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// What nobody expected ends the process as Node would, but for the secrets that may stand in it.
process.on('uncaughtException', (error) => {
  process.stderr.write(`${errorTrace(error)}\n`);
  process.exit(1);
});

process.exitCode = await main();

async function main(): Promise<ExitCode> {
  if (!args.ok) {
    output.problem(args.failure);
    return 2;
  }
  try {
    return await perform(args.value, {
      codeFolder,
      version: version(),
      output,
      onClose: (closeApp) => {
        close = closeApp;
      },
    });
  } catch (error) {
    if (!(error instanceof NoData)) throw error;
    output.problem(errorText(error));
    return 1;
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(codeFolder, '../../package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
