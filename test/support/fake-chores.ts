import type { CommandName } from '../../shared/bridge.ts';
import type { ChoreId } from '../../shared/chore.ts';
import { ok } from '../../shared/result.ts';
import type { Answers, FakeBridge, World } from './fake-bridge.ts';

type ChoreNames = Extract<CommandName, `chores:${string}` | `deletion:${string}` | `emptying:${string}`>;

/** The part of the fake main process that deletes. */
export function choreAnswers(world: World, bridge: FakeBridge): Pick<Answers, ChoreNames> {
  return {
    'chores:list': () => ok({ version: bridge.version, items: world.chores, next: null }),
    'chores:pause': () => ok(null),
    'chores:resume': () => ok(null),
    'chores:cancel': () => ok(null),
    'chores:clear': ({ ids }) => {
      bridge.changeChores([], ids);
      return ok(null);
    },
    'chores:detail': ({ id }) => {
      const chore = world.chores.find((one) => one.id === id);
      if (!chore) throw new Error(`no chore ${id}`);
      return ok({ chore, refused: [], events: [] });
    },
    'deletion:preview': () => ok(world.deletion),
    'deletion:start': () => ok(['chore-1' as ChoreId]),
    'emptying:preview': () => ok(world.emptying),
    'emptying:start': () => ok('chore-1' as ChoreId),
    'emptying:widen': () => ok(null),
  };
}
