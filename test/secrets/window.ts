import { inspect } from 'node:util';
import { resolve } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { answer } from '../../main/commands/answer.ts';
import { commandsOf } from '../../main/commands/index.ts';
import type { Shell } from '../../main/commands/shell.ts';
import { openApp } from '../../main/app/open.ts';
import { Selections } from '../../main/commands/selections.ts';
import type { CommandName, Reply } from '../../shared/bridge.ts';
import type { Commands } from '../../shared/contract.ts';
import { keyring } from '../support/keyring.ts';
import { valueOf } from '../support/value-of.ts';

/**
 * Firn as its window has it, with a keyring and the system's proxy settings. `told` gets all that it answers, tells by itself
 * and logs.
 */
export async function windowOf(place: {
  dataFolder: string;
  proxy: string;
  certificate: string;
  told: Map<string, Buffer>;
}) {
  const { told } = place;
  vi.stubEnv('AWS_CA_BUNDLE', place.certificate);
  for (const name of ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'])
    vi.stubEnv(name, undefined);
  const keep = (what: string, value: unknown): void => {
    told.set(`${told.size}: window, ${what}`, Buffer.from(inspect(value, { depth: null, maxStringLength: null })));
  };
  const app = valueOf(
    await openApp({
      dataFolder: place.dataFolder,
      codeFolder: resolve('out/main'),
      secrets: keyring,
      systemProxies: () => Promise.resolve(`PROXY ${place.proxy}`),
      log: keep,
    }),
  );
  onTestFinished(async () => {
    await app.close();
    vi.unstubAllEnvs();
  });
  app.on('accounts:changed', (accounts) => {
    keep('accounts:changed', accounts);
  });
  app.engine.runner.start(['upload']);
  const selections = new Selections();
  const handlers = commandsOf(app, {} as Shell, selections);
  return {
    app,
    selections,
    /** What the window asks for, as main answers it. */
    ask: async <N extends CommandName>(name: N, input: Commands[N]['input']): Promise<Reply<Commands[N]['output']>> => {
      const reply = await answer(name, input, handlers, app.failureOf);
      keep(name, reply);
      return reply;
    },
  };
}
