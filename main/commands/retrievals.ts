import { FIRN_PRICES, priceAgeDays } from '../../shared/prices.ts';
import type { Prices } from '../../shared/contract.ts';
import type { SelectionId } from '../../shared/selection.ts';
import type { Handlers } from './answer.ts';
import type { Shell } from './shell.ts';
import { valueOf } from '../core/failure.ts';
import type { App } from '../app/app.ts';
import type { Selections } from './selections.ts';

type Names = Extract<keyof Handlers, `retrievals:${string}` | `prices:${string}` | `retrieval-policy:${string}`>;

/** The contract's commands about retrievals. */
export function retrievalCommands(app: App, shell: Shell, selections: Selections): Pick<Handlers, Names> {
  const { retrievals } = app;
  const folderOf = (id: SelectionId): string => selections.paths(id)[0] ?? '';
  return {
    'retrievals:list': ({ after }) => app.retrievalsFeed.snapshot(after),
    'retrievals:choose-folder': async () => {
      const path = await shell.chooseTarget();
      return path === null ? null : { id: selections.keep([path]).id, path };
    },
    'retrievals:preview': ({ choice, folderId, ...wanted }) =>
      retrievals.preview(choice, { ...wanted, folder: folderId === null ? null : folderOf(folderId) }),
    'retrievals:enqueue': async ({ token, ...wanted }) => valueOf(await retrievals.enqueue(token, wanted)),
    'retrievals:pause': async ({ which }) => {
      await retrievals.pause(which);
      return null;
    },
    'retrievals:resume': async ({ which }) => {
      await retrievals.resume(which);
      return null;
    },
    'retrievals:cancel': ({ which }) => retrievals.cancel(which),
    'retrievals:relocate': async ({ which, folderId }) => valueOf(await retrievals.relocate(which, folderOf(folderId))),
    'retrievals:answer-existing': ({ which, answer }) => {
      retrievals.answerExisting(which, answer);
      return null;
    },
    'retrievals:clear': () => retrievals.clear(),
    'retrievals:detail': ({ id }) => valueOf(retrievals.detail(id)),
    'retrievals:reveal': ({ id }) => {
      const { phase, folder } = valueOf(retrievals.detail(id)).retrieval;
      shell.reveal(phase.kind === 'retrieved' ? phase.path : folder);
      return null;
    },
    'retrievals:asked-lately': () => retrievals.askedLately(),
    'prices:get': () => pricesIn(app),
    'retrieval-policy:get': async ({ accountId }) => valueOf(await app.accounts.retrievalPolicy(accountId)),
    'retrieval-policy:set': async ({ accountId, policy }) =>
      valueOf(await app.accounts.setRetrievalPolicy(accountId, policy)),
  };
}

function pricesIn(app: App): Prices {
  const own = app.settings().prices;
  const table = own ?? FIRN_PRICES;
  return { table, isEdited: own !== null, ageDays: priceAgeDays(table, Date.now()), firn: FIRN_PRICES };
}
