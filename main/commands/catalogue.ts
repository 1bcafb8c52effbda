import type { AccountId } from '../../shared/account.ts';
import type { ExportFormat } from '../../shared/catalogue-exchange.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Handlers } from './answer.ts';
import type { Owner } from '../catalogue/entry.ts';
import type { Shell } from './shell.ts';
import { valueOf } from '../core/failure.ts';
import type { App } from '../app/app.ts';

type Named = Extract<keyof Handlers, `catalogue:${string}` | `copies:${string}`>;

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = { csv: 'csv', json: 'jsonl', html: 'html' };

/** The catalogue's ways out and in. */
export function catalogueCommands(app: App, shell: Shell): Pick<Handlers, Named> {
  return {
    'catalogue:copy': async () => valueOf(await app.copies.make()),
    'copies:list': () => app.copyReturns.list(),
    'copies:bring-back': async ({ id }) => {
      await app.copyReturns.bringBack(id);
      return null;
    },
    'copies:dismiss': async ({ id }) => {
      await app.copyReturns.dismiss(id);
      return null;
    },
    'catalogue:export': async ({ format, choice }) => {
      const file = await shell.chooseNewFile(`firn-catalogue.${EXTENSIONS[format]}`);
      return file === null ? null : valueOf(await app.exportCatalogue(choice, format, file));
    },
    'catalogue:import': async ({ home }) => {
      const file = await shell.chooseFileToImport();
      return file === null ? null : valueOf(await app.importCatalogue(file, () => homeOf(app, home)));
    },
  };
}

function homeOf(app: App, home: { accountId: AccountId; vault: string } | null): Promise<Result<Owner>> {
  const account = home && app.accounts.get(home.accountId);
  if (!account) {
    const detail = 'The file does not say whose archives it lists. Choose the account and the vault first.';
    return Promise.resolve(fail({ kind: 'invalid-input', detail }));
  }
  return Promise.resolve(ok({ account, region: account.region, vault: home.vault }));
}
