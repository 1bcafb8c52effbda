import { parseArgs } from 'node:util';
import { PRACTICE_RULES_FAST, startPracticeVault } from './server.ts';

const usage = `Usage: practice --folder FOLDER [--port PORT] [--region REGION] [--fast]
Starts a practice vault on 127.0.0.1 and prints one line of JSON with its URL.
  --fast   jobs and inventories take seconds`;

async function main(): Promise<number | null> {
  const options = readOptions();
  if (!options) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const vault = await startPracticeVault(options);
  process.stdout.write(`${JSON.stringify({ url: vault.url, port: vault.port, pid: process.pid })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void vault.close().then(() => process.exit(0)));
  }
  return null;
}

function readOptions(): Parameters<typeof startPracticeVault>[0] | null {
  try {
    const { values } = parseArgs({
      options: {
        folder: { type: 'string' },
        port: { type: 'string', default: '0' },
        region: { type: 'string', default: 'us-east-1' },
        fast: { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!values.folder || !Number.isInteger(port) || port < 0 || port > 65_535) return null;
    return { folder: values.folder, port, region: values.region, rules: values.fast ? PRACTICE_RULES_FAST : {} };
  } catch {
    return null;
  }
}

main().then(
  (code) => {
    if (code !== null) process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `The practice vault could not start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
