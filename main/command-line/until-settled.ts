import type { Events } from '../../shared/contract.ts';
import type { Notice } from '../../shared/notice.ts';
import type { AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Hold } from '../../shared/hold.ts';
import type { App } from '../open.ts';

/** What the user has to see to before it goes on: its own failure, or its account's, which ends no pause. */
export function needOf(
  { runner }: App,
  { hold, accountId }: { hold: Hold | null; accountId: AccountId },
): Failure | null {
  if (hold?.kind === 'failed') return hold.failure;
  return hold?.kind === 'paused' ? null : runner.accounts.problem(accountId);
}

export type Settled = 'open' | 'done' | 'needs-user';

type Watched<Id> = {
  /** Whoever is settled leaves it. */
  open: Set<Id>;
  /** After which it is worth another look, beside what happens to accounts. */
  event: keyof Events;
  /** What has become of one of them; tells the user when that is not `open`. */
  settle: (id: Id) => Settled;
  /** Lets run what they need. */
  start: () => void;
  /** Told of each change of the notices, before damage ends the watch. */
  tellNotices?: (notices: readonly Notice[]) => void;
};

/** Resolves when each is over or needs the user, or when the records are damaged: true when neither is so of any. */
export async function untilSettled<Id>(app: App, watched: Watched<Id>): Promise<boolean> {
  const { open, event, settle, start, tellNotices } = watched;
  let allWell = true;
  const stops: (() => void)[] = [];
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        for (const id of open) {
          const settled = settle(id);
          if (settled === 'open') continue;
          open.delete(id);
          if (settled === 'needs-user') allWell = false;
        }
        if (open.size === 0) resolve();
      };
      stops.push(app.on(event, look), app.on('accounts:changed', look));
      stops.push(
        app.on('notices:changed', (notices) => {
          tellNotices?.(notices);
          if (!notices.some(({ kind }) => kind === 'records-damaged')) return;
          allWell = false;
          resolve();
        }),
      );
      start();
      look();
    });
  } finally {
    for (const stop of stops) stop();
  }
  return allWell;
}
