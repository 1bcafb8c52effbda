import type { AccountId } from '../../shared/account.ts';
import { type ChoreView, isOver as isChoreOver } from '../../shared/chore.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { type RetrievalView, isOver as isRetrievalOver } from '../../shared/retrieval.ts';
import { type UploadView, isFinal } from '../../shared/upload.ts';
import type { App } from '../app/app.ts';
import { type TypedFilter, resolveAccounts } from './filter.ts';
import { knownAccounts } from './known-accounts.ts';

export const TASK_KINDS = ['uploads', 'retrievals', 'deletions'] as const;
type TaskKindName = (typeof TASK_KINDS)[number];

/** Which tasks, as typed. `kind`: null for any. */
export type TypedTaskFilter = TypedFilter & { kind: TaskKindName | null };

/** A task of whatever kind. `wasNamed`: by its ID. */
export type ChosenTask = { wasNamed: boolean } & (
  | { kind: 'uploads'; view: UploadView }
  | { kind: 'retrievals'; view: RetrievalView }
  | { kind: 'deletions'; view: ChoreView }
);

/** The tasks that a command is about. Those that are over only when they are named by their IDs, so that it can be said. */
export function chooseTasks(app: App, filter: TypedTaskFilter): Result<ChosenTask[], string> {
  const accountIds = resolveAccounts(filter, knownAccounts(app));
  if (!accountIds.ok) return accountIds;
  const all = everyTask(app);
  const unknown = filter.ids.find((id) => !all.some(({ view }) => view.id === id));
  if (unknown !== undefined) return fail(`There is no upload, retrieval or deletion ${unknown}.`);
  const chosen = all.flatMap((task) => {
    const wasNamed = filter.ids.includes(task.view.id);
    const isMeant = matches(app, task, filter, accountIds.value) && (wasNamed || !isOver(task));
    return isMeant ? [{ ...task, wasNamed }] : [];
  });
  const missed = filter.ids.find((id) => !chosen.some(({ view }) => view.id === id));
  if (missed !== undefined) return fail(`${missed} is not among those that are meant. Nothing was changed.`);
  return ok(chosen);
}

type Task = Omit<ChosenTask, 'wasNamed'> & ChosenTask;

function everyTask(app: App): ChosenTask[] {
  const wasNamed = false;
  return [
    ...app.uploads.list().map((view) => ({ kind: 'uploads', view, wasNamed }) as const),
    ...app.retrievalStore.list().map((view) => ({ kind: 'retrievals', view, wasNamed }) as const),
    ...app.deleting.list().map((view) => ({ kind: 'deletions', view, wasNamed }) as const),
  ];
}

function matches(
  app: App,
  task: Task,
  { kind, vault, region, search, ids }: TypedTaskFilter,
  accountIds: readonly AccountId[] | null,
): boolean {
  const { view } = task;
  if (kind !== null && kind !== task.kind) return false;
  if (ids.length > 0 && !ids.includes(view.id)) return false;
  if (vault !== null && vault !== view.vault) return false;
  if (accountIds !== null && !accountIds.includes(view.accountId)) return false;
  if (region !== null && app.accounts.get(view.accountId)?.region !== region) return false;
  return search === null || wordsOf(search).every((word) => textOf(task).includes(word));
}

function wordsOf(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function textOf({ kind, view }: Task): string {
  const path = kind === 'uploads' ? view.path : kind === 'retrievals' ? view.relativePath : '';
  return `${path} ${view.vault}`.toLowerCase();
}

export function isOver({ kind, view }: Task): boolean {
  if (kind === 'uploads') return isFinal(view.phase);
  return kind === 'retrievals' ? isRetrievalOver(view.phase) : isChoreOver(view);
}
