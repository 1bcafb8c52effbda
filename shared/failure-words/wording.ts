/** Where a person reads it. */
export type Surface = 'window' | 'command-line';

/**
 * What failed: `task` is durable work, which has buttons or commands of its own and which Firn goes on with; `request` was
 * asked once and has ended, so that nobody tries it again unless the person does.
 */
export type Subject = 'task' | 'request';

/** What a person can do where it is read, as a clause: `Check its permissions, then ${can.retry}.` Buttons and commands are quoted. */
export type Acts = {
  surface: Surface;
  retry: string;
  startOver: string;
  cancel: string;
  signIn: string;
  takeInventory: string;
};

const windowActs: Acts = {
  surface: 'window',
  retry: 'choose "Retry"',
  startOver: 'choose "Start over"',
  cancel: 'cancel it',
  signIn: 'choose "Sign in again"',
  takeInventory: 'take an inventory of the vault in Vaults',
};

const commandActs: Acts = {
  surface: 'command-line',
  retry: 'use "firn retry ID" and "firn run"',
  startOver: 'use "firn start-over ID" and "firn run"',
  cancel: 'use "firn cancel ID"',
  signIn: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile',
  takeInventory: 'use "firn inventory VAULT"',
};

const actsOfSurface: Readonly<Record<Surface, Acts>> = { window: windowActs, 'command-line': commandActs };

/** What can be done about something that failed there. */
export function actsFor(surface: Surface, subject: Subject): Acts {
  const acts = actsOfSurface[surface];
  return subject === 'task' ? acts : { ...acts, retry: again[surface] };
}

const again: Readonly<Record<Surface, string>> = { window: 'try again', 'command-line': 'run the command again' };

type Said<F> = string | ((failure: F, can: Acts) => string);

/** The words of one kind of failure. Each is a sentence or several. */
export type Wording<F> = {
  /** What went wrong. */
  title: string | ((failure: F) => string);
  /** What the person can do about it, or what it means. */
  remedy?: Said<F>;
  /** What Firn does about it by itself: for what waiting cures, and only there. */
  meanwhile?: Said<F>;
};

/** The words of some kinds of failure. */
export type Words<F extends { kind: string }> = { readonly [K in F['kind']]: Wording<Extract<F, { kind: K }>> };
