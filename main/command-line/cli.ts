import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorTrace } from '../../shared/error-text.ts';
import { closeWithin } from '../app/closing.ts';
import { asksForJson, readArguments } from './arguments.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { Output } from './output.ts';
import { perform } from './perform.ts';
import { failureOfThrown, isReaderGone } from './thrown.ts';

const codeFolder = import.meta.dirname;
const argv = process.argv.slice(2);
const json = asksForJson(argv);
let output = new Output({ json, quiet: false });
let close: () => Promise<void> = () => Promise.resolve();
/** By a signal, or because nobody reads on. */
let isEnding = false;

for (const [name, code] of [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', EXIT.terminated],
] as const) {
  process.once(name, () => {
    output.problem('Stopped. "firn run" goes on where this ended.');
    end(code, name);
  });
}
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    end(codeOfThrown(error));
  });
}
process.on('uncaughtException', (error) => {
  end(codeOfThrown(error));
});

// What fails because the application was closed under it is no news, and whoever closes it ends the process.
const code = await main().then(
  (code) => (isEnding ? null : code),
  (error: unknown) => (isEnding ? null : codeOfThrown(error)),
);
if (code !== null) {
  const ended = await closed(code);
  if (ended === EXIT.stuck) process.kill(process.pid, 'SIGKILL');
  else process.exitCode = ended;
}

async function main(): Promise<ExitCode> {
  const args = readArguments(argv, process.env);
  if (!args.ok) return output.refusal(EXIT.usage, args.failure);
  output = new Output({ json, quiet: args.value.quiet });
  const onClose = (closeApp: () => Promise<void>): void => {
    close = closeApp;
  };
  return perform(args.value, { codeFolder, version: version(), output, onClose });
}

/** In good order, if it can be: what runs is stopped, and what is known is on disk. `signal`: what shells know the code by. */
function end(code: ExitCode, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (isEnding) return;
  isEnding = true;
  void closed(code).then((ended) => {
    if (ended !== EXIT.stuck) process.exit(ended);
    process.kill(process.pid, signal);
  });
}

/** What to end with once the application is closed; `stuck` when something does not come back, for which even `exit` would wait. */
async function closed(code: ExitCode): Promise<ExitCode> {
  const ending = await closeWithin(close);
  if (ending.kind === 'failed') return codeOfThrown(ending.error);
  if (ending.kind === 'closed') return code;
  output.problem(
    'Something never answers, perhaps a drive or a network folder. Firn ends without it; nothing is lost.',
  );
  return EXIT.stuck;
}

/** Tells what went wrong in a sentence; the stack is for those who look for the bug. */
function codeOfThrown(error: unknown): ExitCode {
  if (isReaderGone(error)) return EXIT.readerGone;
  if (process.env['FIRN_DEBUG']) output.problem(errorTrace(error));
  return output.failure(failureOfThrown(error));
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(codeFolder, '../../package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
