import type { AppInfo } from '../../shared/contract.ts';
import type { Selection } from '../../shared/selection.ts';
import type { Handlers } from './answer.ts';
import { catalogueCommands } from './catalogue.ts';
import { FailureError, valueOf } from '../core/failure.ts';
import { listProfiles } from '../glacier/profiles.ts';
import { inventoryCommands } from './inventories.ts';
import type { App } from '../app/app.ts';
import { choreCommands } from './deletions.ts';
import { retrievalCommands } from './retrievals.ts';
import type { Selections } from './selections.ts';
import type { Shell } from './shell.ts';

/** The contract's commands, answered by the application. */
export function commandsOf(app: App, shell: Shell, selections: Selections): Handlers {
  const placed = (input: Parameters<Handlers['selection:preview']>[0]) => ({
    ...input,
    preferredPartSize: app.settings().partSize,
  });
  return {
    'app:info': () => info(app, shell),
    'notices:list': () => app.notices.list(),
    'notices:dismiss': ({ id }) => {
      app.notices.dismiss(id);
      return null;
    },
    'accounts:list': () => app.accounts.list(),
    'waits:list': () => app.engine.waits.list(),
    'accounts:profiles': () => listProfiles(),
    'accounts:add': async (input) => valueOf(await app.accounts.add(input)),
    'accounts:sign-in': async ({ id, keys, mfaCode }) => valueOf(await app.accounts.signIn(id, keys, mfaCode)),
    'accounts:confirm': async ({ id, endpointUrl, keys, mfaCode }) =>
      valueOf(await app.accounts.confirm(id, endpointUrl, keys, mfaCode)),
    'accounts:remove': ({ id }) => valueOf(app.accounts.remove(id)),
    'accounts:check-up': async ({ id, vaults }) => valueOf(await app.accounts.checkUp(id, vaults)),
    'proxies:list': () => app.proxyLogins.list(),
    'proxies:log-in': async ({ proxy, remember, ...login }) =>
      valueOf(await app.accounts.logInToProxy(proxy, login, remember)),
    'proxies:forget': ({ proxy }) => {
      app.proxyLogins.forget(proxy);
      return null;
    },
    'vaults:list': async ({ accountId }) => valueOf(await app.accounts.listVaults(accountId)),
    'vaults:create': async ({ accountId, name }) => valueOf(await app.accounts.createVault(accountId, name)),
    'selection:choose': async ({ what }) => selectionOf(await shell.choosePaths(what), selections),
    'selection:preview': async (input) =>
      valueOf(
        await app.queue.preview(
          selections.paths(input.selectionId),
          placed(input),
          selections.begin(input.selectionId),
        ),
      ),
    'selection:stop': ({ selectionId }) => {
      selections.stop(selectionId);
      return null;
    },
    'files:find': async ({ of }) => {
      const file = 'upload' in of ? app.uploads.get(of.upload) : app.catalogue.byId(of.archive);
      if (!file?.path) throw new FailureError({ kind: 'not-found', what: 'The file' });
      const chosen = await shell.chooseMoved(file.path);
      return chosen === null ? null : valueOf(await app.relocation.find(file.path, chosen));
    },
    'files:go-on-there': async () => valueOf(await app.elsewhere.goOnThere()),
    'uploads:list': ({ after }) => app.feed.snapshot(after),
    'uploads:enqueue': async (input) => {
      const paths = selections.paths(input.selectionId);
      const added = valueOf(await app.queue.enqueue(paths, placed(input), selections.begin(input.selectionId)));
      selections.forget(input.selectionId);
      return added;
    },
    'uploads:pause': async ({ which }) => {
      await app.queue.pause(which);
      return null;
    },
    'uploads:resume': async ({ which }) => {
      await app.queue.resume(which);
      return null;
    },
    'uploads:cancel': ({ which }) => app.queue.cancel(which),
    'uploads:move': async ({ ids, before }) => {
      await app.queue.move(ids, before);
      return null;
    },
    'uploads:start-over': async ({ id }) => valueOf(await app.queue.startOver(id, app.settings().partSize)),
    'uploads:clear': () => app.queue.clear(),
    'uploads:detail': ({ id }) => valueOf(app.queue.detail(id)),
    'archives:search': async (query) => {
      const page = await app.catalogueReader.ask('search', query);
      return { ...page, doomed: app.deleting.doomed(page.items.map(({ id }) => id)) };
    },
    'archives:between': async ({ from, to, ...filter }) =>
      valueOf(await app.catalogueReader.ask('between', filter, from, to)),
    'archives:sum': ({ choice }) => app.catalogueReader.ask('sum', choice),
    ...inventoryCommands(app),
    'archives:check': async ({ id }) => valueOf(await app.checks.of(id)),
    'checks:progress': () => app.checks.progress(),
    'checks:ask': ({ choice }) => app.checks.ask(choice),
    'checks:cancel': () => app.checks.cancel(),
    ...retrievalCommands(app, shell, selections),
    ...catalogueCommands(app, shell),
    ...choreCommands(app),
    'clipboard:copy': ({ text }) => {
      shell.copy(text);
      return null;
    },
    'file:reveal': ({ id }) => {
      shell.reveal(valueOf(app.queue.detail(id)).upload.path);
      return null;
    },
    'power:get': () => app.power(),
    'settings:get': () => app.settings(),
    'settings:set': (changes) => app.changeSettings(withoutUndefined(changes)),
  };
}

/** Null when nothing was chosen. */
export function selectionOf(paths: readonly string[], selections: Selections): Selection | null {
  return paths.length === 0 ? null : selections.keep(paths);
}

function info(app: App, { version }: Shell): AppInfo {
  return {
    version,
    platform: process.platform,
    dataFolder: app.dataFolder,
    secrets: app.secretsKept ? 'encrypted' : 'session',
  };
}

function withoutUndefined<T extends object>(changes: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as never;
}
