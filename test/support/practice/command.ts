import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Faults, faultsSchema } from './faults.ts';
import { PRACTICE_RULES_FAST } from '../../../main/practice/server.ts';
import { type FaultyOptions, startFaultyVault } from './faulty.ts';

const usage = `Usage: practice --folder FOLDER [--port PORT] [--region REGION] [--fast] [--faults FILE|JSON]
Starts a practice vault on 127.0.0.1 and prints one line of JSON with its URL.
  --fast     jobs and inventories take seconds
  --faults   how it misbehaves, for tests: {"script":[…],"random":{…}}
`;

async function main(): Promise<void> {
  const options = readOptions();
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const vault = await startFaultyVault(options);
  process.stdout.write(`${JSON.stringify({ url: vault.url, port: vault.port, pid: process.pid })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void vault.close().then(() => process.exit(0)));
  }
}

/** The options, or what is wrong with them. */
function readOptions(): FaultyOptions | string {
  try {
    const { values } = parseArgs({
      options: {
        folder: { type: 'string' },
        port: { type: 'string', default: '0' },
        region: { type: 'string', default: 'us-east-1' },
        fast: { type: 'boolean', default: false },
        faults: { type: 'string', default: '{}' },
      },
    });
    const port = Number(values.port);
    if (!values.folder) return 'Say in which folder the archives are to lie.';
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return `"${values.port}" is no port.`;
    const rules = values.fast ? PRACTICE_RULES_FAST : {};
    return { folder: values.folder, port, region: values.region, rules, faults: readFaults(values.faults) };
  } catch (error) {
    return error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
  }
}

function readFaults(text: string): Faults {
  return faultsSchema.parse(JSON.parse(existsSync(text) ? readFileSync(text, 'utf8') : text));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`The practice vault could not start: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
