import type { Handlers } from './answer.ts';
import { valueOf } from '../core/failure.ts';
import type { App } from '../app/app.ts';

type Names = Extract<keyof Handlers, `chores:${string}` | `deletion:${string}` | `emptying:${string}`>;

/** The contract's commands about deleting archives and emptying vaults. */
export function choreCommands({ deleting, choresFeed }: App): Pick<Handlers, Names> {
  return {
    'chores:list': () => choresFeed.snapshot(),
    'chores:pause': async ({ id }) => {
      await deleting.pause(id);
      return null;
    },
    'chores:resume': async ({ id }) => {
      await deleting.resume(id);
      return null;
    },
    'chores:cancel': async ({ id }) => {
      await deleting.cancel(id);
      return null;
    },
    'chores:clear': async ({ ids }) => {
      await deleting.clear(ids);
      return null;
    },
    'chores:detail': ({ id }) => valueOf(deleting.detail(id)),
    'deletion:preview': ({ choice }) => deleting.preview(choice),
    'deletion:start': async ({ token }) => valueOf(await deleting.delete(token)),
    'emptying:preview': async (place) => valueOf(await deleting.previewEmptying(place)),
    'emptying:start': async ({ closes, until, ...place }) => valueOf(await deleting.empty(place, closes, until)),
    'emptying:widen': ({ id, newestAt }) => valueOf(deleting.widen(id, newestAt)),
  };
}
