import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { addonFile } from '../../main/transfer/part-hashers.ts';
import { electronExecutable } from '../support/electron-executable.ts';
import type { Bench, Context, Row } from './bench.ts';
import { Measured } from './measured.ts';
import { medianOf } from './statistics.ts';

export const hashes: Bench = {
  name: 'hash',
  about: 'parts of 16 MiB in memory, medians of interleaved runs; both hashes are what each part needs',
  run: compare,
};

type Runtime = { name: string; program: string; env: Record<string, string> };
type Kind = 'tree' | 'both' | 'both-in-javascript';

const OPENSSL = 'openssl';

async function compare({ folder, quick, say }: Context): Promise<Row[]> {
  const program = await buildRate(folder);
  const runtimes: Runtime[] = [
    { name: 'Node', program: process.execPath, env: {} },
    { name: 'Electron’s Node', program: electronExecutable(), env: { ELECTRON_RUN_AS_NODE: '1' } },
  ];
  const rates = new Rates();
  const rounds = quick ? 1 : 5;
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    rates.add(OPENSSL, opensslRate());
    for (const runtime of runtimes) {
      for (const kind of ['tree', 'both', 'both-in-javascript'] as const) {
        for (const threads of kind === 'tree' ? [1] : [1, 2]) {
          rates.add(keyOf(runtime, kind, threads), await rateOf(program, runtime, kind, threads));
        }
      }
    }
  }
  return [...runtimes.flatMap((runtime) => checks(rates, runtime)), ...absolute(rates, runtimes)];
}

function checks(rates: Rates, runtime: Runtime): Row[] {
  const one = keyOf(runtime, 'both', 1);
  const two = keyOf(runtime, 'both', 2);
  const twice = rates.ratio(two, one, 2);
  const half = rates.ratio(one, OPENSSL, 1 / 2);
  return [
    {
      what: `${runtime.name}: both hashes, 2 threads / twice 1 thread`,
      value: times(twice),
      note: '',
      check: { measured: twice, atLeast: 0.9 },
    },
    {
      what: `${runtime.name}: both hashes, 1 thread / half of openssl`,
      value: times(half),
      note: half === null ? 'openssl is not there' : '',
      check: { measured: half, atLeast: 0.9 },
    },
  ];
}

function absolute(rates: Rates, runtimes: readonly Runtime[]): Row[] {
  const row = (what: string, key: string, note = ''): Row => ({ what, value: megabytes(rates.median(key)), note });
  const isNative = existsSync(addonFile('out/main'));
  const names: [Kind, number, string][] = [
    ['tree', 1, 'tree hash alone, 1 thread'],
    ['both', 1, 'both hashes, 1 thread'],
    ['both', 2, 'both hashes, 2 threads'],
    ['both-in-javascript', 1, 'both hashes in JavaScript, 1 thread'],
    ['both-in-javascript', 2, 'both hashes in JavaScript, 2 threads'],
  ];
  return [
    ...runtimes.flatMap((runtime) =>
      names.map(([kind, threads, what]) =>
        row(`${runtime.name}: ${what}`, keyOf(runtime, kind, threads), kind === 'both' && !isNative ? 'no addon' : ''),
      ),
    ),
    row('openssl speed sha256, one core', OPENSSL, 'one hash'),
  ];
}

function keyOf(runtime: Runtime, kind: Kind, threads: number): string {
  return `${runtime.name} ${kind} ${threads}`;
}

async function rateOf(file: string, { program, env }: Runtime, kind: Kind, threads: number): Promise<number> {
  const run = new Measured([file, kind, String(threads), '600', resolve(addonFile('out/main'))], env, program);
  const { bytesPerSecond } = await run.line('bytesPerSecond');
  await run.ended();
  return Number(bytesPerSecond);
}

/** Bytes per second of one core; null where openssl is missing. */
function opensslRate(): number | null {
  const args = ['speed', '-seconds', '1', '-bytes', String(1024 * 1024), '-evp', 'sha256'];
  const { stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
  const thousands = /^sha256\s+([\d.]+)k/im.exec(stdout)?.[1];
  return thousands === undefined ? null : Number(thousands) * 1000;
}

async function buildRate(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: 'test/bench/hash/rate.ts',
      outDir: folder,
      target: 'node20',
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'rate.mjs' } },
    },
  });
  return join(folder, 'rate.mjs');
}

/** What was measured under each name, round after round. */
class Rates {
  readonly #all = new Map<string, (number | null)[]>();

  add(key: string, rate: number | null): void {
    this.#all.set(key, [...(this.#all.get(key) ?? []), rate]);
  }

  median(key: string): number | null {
    return medianOf(this.#all.get(key) ?? []);
  }

  /** Of one to `factor` times the other, round by round. */
  ratio(one: string, other: string, factor: number): number | null {
    const others = this.#all.get(other) ?? [];
    const ratios = (this.#all.get(one) ?? []).map((rate, round) => {
      const against = others[round] ?? null;
      return rate === null || against === null ? null : rate / (factor * against);
    });
    return medianOf(ratios);
  }
}

function times(ratio: number | null): string {
  return ratio === null ? '–' : `${ratio.toFixed(2)} ×`;
}

function megabytes(rate: number | null): string {
  return rate === null ? '–' : `${Math.round(rate / 1e6)} MB/s`;
}
