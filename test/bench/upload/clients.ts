import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronExecutable } from '../../support/electron-executable.ts';
import { environmentFor } from '../../support/practice-process.ts';
import { Measured } from '../measured.ts';
import { certificateFiles } from '../sink/start.ts';

/** One archive to upload. `folder` is the client's own and empty. */
export type Job = { url: string; file: string; partSize: number; folder: string };

export type Client = {
  name: string;
  /** Whether it starts a process for each part: then it is tried with less, and its memory says nothing. */
  isSlow?: true;
  /** Whether `watch-main.mjs` is loaded in it, and writes into the file. */
  isWatched?: true;
  start: (job: Job, watchFile: string) => Measured;
};

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Firn's own command line under plain Node, and under the Node that is inside Electron. */
export function firnClients(): Client[] {
  const firn = (name: string, program: string, extra: Record<string, string>): Client => ({
    name,
    isWatched: true,
    start({ url, file, partSize, folder }, watchFile) {
      const upload = ['upload', '--vault', 'bench', '--part-size', `${partSize}B`, file];
      const watch = ['--import', here('watch-main.mjs')];
      const args = [...watch, 'out/main/cli.js', '--data', join(folder, 'data'), '--json', ...upload];
      const env = {
        ...environment(url),
        ...extra,
        NODE_EXTRA_CA_CERTS: certificateFiles().cert,
        WATCH_MAIN: watchFile,
      };
      return new Measured(args, env, program);
    },
  });
  return [
    firn('Firn, Node', process.execPath, {}),
    firn('Firn, Electron’s Node', electronExecutable(), { ELECTRON_RUN_AS_NODE: '1' }),
  ];
}

/** The peers that are installed here; `missing` are those that are not. */
export function peers(): { present: Client[]; missing: string[] } {
  const python = firstThat(['/usr/bin/python3', 'python3'], (program) => works(program, ['-c', 'import boto3']));
  const aws = firstThat(['/usr/bin/aws', 'aws'], (program) => works(program, ['--version']));
  const boto3 = (program: string, threads: number): Client =>
    peer(`boto3 × ${threads}`, 'boto3-client.py', [String(threads)], program);
  const all: [string, Client | null][] = [
    ['boto3 × 1', python === null ? null : boto3(python, 1)],
    ['boto3 × 4', python === null ? null : boto3(python, 4)],
    ['AWS SDK for JavaScript × 4', peer('AWS SDK for JavaScript × 4', 'aws-sdk-client.mjs', ['4'])],
    [
      'AWS CLI × 4',
      aws === null
        ? null
        : { ...peer('AWS CLI × 4', 'aws-cli-client.mjs', ['4'], process.execPath, { AWS_CLI: aws }), isSlow: true },
    ],
  ];
  return {
    present: all.map(([, client]) => client).filter((client) => client !== null),
    missing: all.filter(([, client]) => client === null).map(([name]) => name),
  };
}

function peer(
  name: string,
  script: string,
  more: string[],
  program = process.execPath,
  extra: Record<string, string> = {},
): Client {
  return {
    name,
    start({ url, file, partSize }) {
      const { cert } = certificateFiles();
      const env = { ...environment(url), ...extra, NODE_EXTRA_CA_CERTS: cert, AWS_CA_BUNDLE: cert };
      return new Measured([here(script), url, file, String(partSize), ...more], env, program);
    },
  };
}

/** What Firn, Python and the AWS CLI need to find the sink. */
function environment(url: string): Record<string, string> {
  return {
    ...environmentFor(url),
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
}

function firstThat(programs: readonly string[], test: (program: string) => boolean): string | null {
  return programs.find(test) ?? null;
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
