import type { CommandName } from '../../shared/bridge.ts';
import type { ChoiceToken } from '../../shared/archive.ts';
import { FIRN_PRICES } from '../../shared/prices.ts';
import { ok } from '../../shared/result.ts';
import { type RetrievalDetail, type RetrievalView, isOver } from '../../shared/retrieval.ts';
import { MiB } from '../../shared/units.ts';
import type { Answers, FakeBridge, World } from './fake-bridge.ts';

type RetrievalNames = Extract<CommandName, `retrievals:${string}` | `prices:${string}` | `retrieval-policy:${string}`>;

/** The part of the fake main process that retrieves. */
export function retrievalAnswers(world: World, bridge: FakeBridge): Pick<Answers, RetrievalNames> {
  const found = (id: string): RetrievalView => {
    const retrieval = world.retrievals.find((one) => one.id === id);
    if (!retrieval) throw new Error(`no retrieval ${id}`);
    return retrieval;
  };
  return {
    'retrievals:list': () => ok({ version: bridge.version, items: world.retrievals, next: null }),
    'retrievals:choose-folder': () => ok(world.targetFolder),
    'retrievals:preview': () => ok({ ...world.quote, token: `token of ${world.quote.archives}` as ChoiceToken }),
    'retrievals:enqueue': () => {
      const { archives: added, bytes, alreadyThere, leftOut, leftOutCount } = world.quote;
      return ok({ added, bytes, alreadyThere, leftOut, leftOutCount, folders: world.quote.folders });
    },
    'retrievals:pause': () => ok(null),
    'retrievals:resume': () => ok(null),
    'retrievals:cancel': () => ok({ named: 0 }),
    'retrievals:relocate': () => ok({ moved: 1 }),
    'retrievals:answer-existing': () => ok(null),
    'retrievals:clear': () => {
      const over = world.retrievals.filter(({ phase }) => isOver(phase)).map(({ id }) => id);
      bridge.changeRetrievals([], over);
      return ok({ cleared: over.length });
    },
    'retrievals:detail': ({ id }) => ok(retrievalDetailOf(found(id))),
    'retrievals:reveal': () => ok(null),
    'retrievals:asked-lately': () => ok({ day: { bytes: 0, cost: 0 }, month: { bytes: 0, cost: 0 } }),
    'prices:get': () => {
      const own = world.settings.prices;
      return ok({ table: own ?? FIRN_PRICES, isEdited: own !== null, ageDays: 3, firn: FIRN_PRICES });
    },
    'retrieval-policy:get': () => ok({ strategy: 'None' }),
    'retrieval-policy:set': () => ok(null),
  };
}

function retrievalDetailOf(retrieval: RetrievalView): RetrievalDetail {
  const treeHash = 'a'.repeat(64) as RetrievalDetail['treeHash'];
  return {
    retrieval,
    treeHash,
    modifiedAt: null,
    rangeSize: 16 * MiB,
    ranges: [],
    jobs: [],
    temporaryFile: null,
    events: [],
  };
}
