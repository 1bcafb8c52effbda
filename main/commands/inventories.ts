import type { Handlers } from './answer.ts';
import type { App } from '../app/app.ts';

type Names = Extract<keyof Handlers, `inventories:${string}` | 'archives:by-vault'>;

/** The contract's commands about inventories. */
export function inventoryCommands(app: App): Pick<Handlers, Names> {
  const { inventories } = app;
  return {
    'inventories:list': () => app.inventoriesFeed.snapshot(),
    'inventories:take': ({ accountId, vaults }) => {
      inventories.take(accountId, vaults);
      return null;
    },
    'inventories:resume': ({ ids }) => {
      inventories.resume(ids);
      return null;
    },
    'inventories:cancel': async ({ ids }) => {
      await inventories.cancel(ids);
      return null;
    },
    'archives:by-vault': () => app.catalogue.byVault(),
  };
}
