import { everyArchive } from '../../shared/archive.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IntervalHistogram } from 'node:perf_hooks';
import type { ElectronApplication, Page } from 'playwright';
import type { Bridge } from '../../shared/bridge.ts';
import { MiB, formatDuration } from '../../shared/units.ts';
import { launchFirn } from '../support/electron-app.ts';
import { environmentFor } from '../support/practice-process.ts';
import type { Bench, Context, Row } from './bench.ts';
import { Measured } from './measured.ts';
import { medianOf } from './statistics.ts';

export const inventory: Bench = {
  name: 'inventory',
  about:
    'an inventory of 1,000,000 archives into an empty catalogue, and again, in Electron, while the window asks and searches',
  run: measure,
};

type Round = { ms: number; answers: number[]; loop: { p99: number; max: number } };

async function measure({ folder, quick, say }: Context): Promise<Row[]> {
  const archives = quick ? 50_000 : 1_000_000;
  const service = new Measured(['test/bench/inventory/service.mjs', String(archives)]);
  const { url } = (await service.line('url')) as { url: string };
  const app = await launchFirn({ dataFolder: join(folder, 'data') });
  try {
    const page = await app.firstWindow();
    await connect(page, url);
    const idle = peakOf(app);
    say('the first inventory');
    const first = await take(app, page, `${archives.toLocaleString('en-US')} new`);
    say('the second inventory');
    const again = await take(app, page, `${archives.toLocaleString('en-US')} confirmed`);
    const peak = peakOf(app);
    return [
      {
        what: `inventory of ${archives} archives: peak memory of main`,
        value: `${Math.round(peak / MiB)} MiB`,
        note: `${Math.round(idle / MiB)} MiB before it began`,
        check: { measured: peak / MiB, atMost: 300 },
      },
      ...rowsOf('new archives', first),
      ...rowsOf('known archives', again),
    ];
  } finally {
    await app.close();
    await service.kill();
  }
}

function rowsOf(what: string, { ms, answers, loop }: Round): Row[] {
  const longest = Math.max(...answers);
  const median = medianOf(answers) ?? Number.NaN;
  return [
    { what: `inventory, ${what}: from the request to its end`, value: formatDuration(ms), note: '' },
    {
      what: `inventory, ${what}: longest answer to the window`,
      value: `${Math.round(longest)} ms`,
      note: `of ${answers.length}; median ${median.toFixed(1)} ms; event loop late by ${loop.p99.toFixed(0)} ms (p99), ${loop.max.toFixed(0)} ms at most`,
      check: { measured: longest, atMost: 100 },
    },
  ];
}

async function connect(page: Page, url: string): Promise<void> {
  const keys = environmentFor(url);
  await page.evaluate(
    async ([endpointUrl = '', accessKeyId = '', secretAccessKey = '']) => {
      const { firn } = globalThis as unknown as { firn: Bridge };
      const account = { kind: 'keys', name: 'Bench', region: 'us-east-1', remember: false } as const;
      await firn.invoke('accounts:add', { ...account, endpointUrl, accessKeyId, secretAccessKey, sessionToken: null });
    },
    [url, keys['AWS_ACCESS_KEY_ID'] ?? '', keys['AWS_SECRET_ACCESS_KEY'] ?? ''],
  );
  await page.getByRole('button', { name: 'Vaults' }).click();
}

/** Takes the inventory by the window's button, and searches as somebody would who types while it is reconciled. */
async function take(app: ElectronApplication, page: Page, outcome: string): Promise<Round> {
  await watchLoop(app);
  const startedAt = performance.now();
  await page.getByRole('button', { name: 'Take inventory of bench' }).click();
  const answers: number[] = [];
  const end = new AbortController();
  const searching = (async () => {
    while (!end.signal.aborted) answers.push(...(await questions(page)));
  })();
  await page.getByText(outcome).waitFor({ state: 'visible', timeout: 3_600_000 });
  const ms = performance.now() - startedAt;
  end.abort();
  await searching;
  return { ms, answers, loop: await loopDelay(app) };
}

/** Milliseconds until each of some questions was answered that people ask all the time, a twentieth of a second apart. */
function questions(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const { firn } = globalThis as unknown as { firn: Bridge };
    const times: number[] = [];
    const ask = async (question: () => Promise<unknown>): Promise<void> => {
      const startedAt = performance.now();
      await question();
      times.push(performance.now() - startedAt);
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    for (const text of ['', 'IMG_0012345', 'xyzzy'])
      await ask(() => firn.invoke('archives:search', { ...everyArchive, text, offset: 0, limit: 100 }));
    await ask(() => firn.invoke('settings:get', {}));
    await ask(() => firn.invoke('archives:by-vault', {}));
    return times;
  });
}

type Watching = { firnLoop?: IntervalHistogram };

function watchLoop(app: ElectronApplication): Promise<void> {
  return app.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    (globalThis as Watching).firnLoop = delay;
  });
}

function loopDelay(app: ElectronApplication): Promise<{ p99: number; max: number }> {
  return app.evaluate(() => {
    const delay = (globalThis as Watching).firnLoop;
    delay?.disable();
    return { p99: (delay?.percentile(99) ?? 0) / 1e6, max: (delay?.max ?? 0) / 1e6 };
  });
}

/** The most memory that main has had so far, in bytes. */
function peakOf(app: ElectronApplication): number {
  const status = readFileSync(`/proc/${app.process().pid ?? 0}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
