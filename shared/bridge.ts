import type { Commands, Events } from './contract.ts';
import type { Result } from './result.ts';
import type { Selection } from './selection.ts';

/** A failed command is a value like any other: `ok: false` with what a person can do about it. */
export type Reply<T> = Result<T>;
export type CommandName = keyof Commands;
export type EventName = keyof Events;

/** All the window knows of the outside world: Electron and a test's fake each implement it. */
export interface Bridge {
  invoke<N extends CommandName>(name: N, input: Commands[N]['input']): Promise<Reply<Commands[N]['output']>>;
  on<E extends EventName>(name: E, listener: (payload: Events[E]) => void): () => void;
  /** Starts Firn anew when its start has failed; does nothing otherwise. */
  startAgain(): Promise<void>;
  quit(): Promise<void>;
  /** Hands dropped files to main. Only real files have a path, so a page cannot make one up. */
  drop(files: readonly File[]): Promise<Reply<Selection | null>>;
}

// The names at run time, so that the preload needs no schema library. A missing or extra one does not compile.
export const commandNames: Record<CommandName, true> = {
  'app:info': true,
  'notices:list': true,
  'notices:dismiss': true,
  'accounts:list': true,
  'waits:list': true,
  'accounts:profiles': true,
  'accounts:add': true,
  'accounts:sign-in': true,
  'accounts:confirm': true,
  'accounts:remove': true,
  'accounts:check-up': true,
  'proxies:list': true,
  'proxies:log-in': true,
  'proxies:forget': true,
  'vaults:list': true,
  'vaults:create': true,
  'selection:choose': true,
  'selection:preview': true,
  'selection:stop': true,
  'files:find': true,
  'files:go-on-there': true,
  'uploads:list': true,
  'uploads:enqueue': true,
  'uploads:pause': true,
  'uploads:resume': true,
  'uploads:cancel': true,
  'uploads:move': true,
  'uploads:start-over': true,
  'uploads:clear': true,
  'uploads:detail': true,
  'archives:search': true,
  'archives:between': true,
  'archives:sum': true,
  'archives:by-vault': true,
  'inventories:list': true,
  'inventories:take': true,
  'inventories:resume': true,
  'inventories:cancel': true,
  'archives:check': true,
  'checks:progress': true,
  'checks:ask': true,
  'checks:cancel': true,
  'retrievals:list': true,
  'retrievals:choose-folder': true,
  'retrievals:preview': true,
  'retrievals:enqueue': true,
  'retrievals:pause': true,
  'retrievals:resume': true,
  'retrievals:cancel': true,
  'retrievals:relocate': true,
  'retrievals:answer-existing': true,
  'retrievals:clear': true,
  'retrievals:detail': true,
  'retrievals:reveal': true,
  'retrievals:asked-lately': true,
  'prices:get': true,
  'retrieval-policy:get': true,
  'retrieval-policy:set': true,
  'catalogue:copy': true,
  'copies:list': true,
  'copies:bring-back': true,
  'copies:dismiss': true,
  'catalogue:export': true,
  'catalogue:import': true,
  'chores:list': true,
  'chores:pause': true,
  'chores:resume': true,
  'chores:cancel': true,
  'chores:clear': true,
  'chores:detail': true,
  'deletion:preview': true,
  'deletion:start': true,
  'emptying:preview': true,
  'emptying:start': true,
  'emptying:widen': true,
  'clipboard:copy': true,
  'file:reveal': true,
  'power:get': true,
  'settings:get': true,
  'settings:set': true,
};

export const eventNames: Record<EventName, true> = {
  'uploads:changed': true,
  'uploads:progress': true,
  'adding:comparing': true,
  'retrievals:changed': true,
  'retrievals:progress': true,
  'inventories:changed': true,
  'inventories:progress': true,
  'chores:changed': true,
  'accounts:changed': true,
  'waits:changed': true,
  'archives:changed': true,
  'checks:changed': true,
  'settings:changed': true,
  'power:changed': true,
  'notices:changed': true,
  'copies:changed': true,
  'app:finishing': true,
};
