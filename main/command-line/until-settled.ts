import type { AccountId } from '../../shared/account.ts';
import type { Events } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Hold } from '../../shared/hold.ts';
import type { Notice } from '../../shared/notice.ts';
import type { App } from '../app/app.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';

/** What the user has to see to before it goes on: its own failure, or its account's, which ends no pause. */
export function needOf(
  { accountWaits }: App,
  { hold, accountId }: { hold: Hold | null; accountId: AccountId },
): Failure | null {
  if (hold?.kind === 'failed') return hold.failure;
  return hold?.kind === 'paused' ? null : accountWaits.problem(accountId);
}

/** What one that is over, or that needs the user, adds to how the command ends. */
export type Settled = 'open' | ExitCode;

type Watched<Id> = {
  /** Whoever is settled leaves it. */
  open: Set<Id>;
  /** After which it is worth another look, beside what happens to accounts and to what is waited for together. */
  event: keyof Events;
  /** What has become of one of them; tells the user when that is not `open`. */
  settle: (id: Id) => Settled;
  /** Lets run what they need. */
  start: () => void;
  /** Told of each change of the notices, before damage ends the watch. */
  tellNotices?: (notices: readonly Notice[]) => void;
};

/** Resolves when each is over or needs the user, or when the records are damaged, with what the command ends with then. */
export async function untilSettled<Id>(app: App, watched: Watched<Id>): Promise<ExitCode> {
  const { open, event, settle, start, tellNotices } = watched;
  const ends = new Set<ExitCode>();
  const stops: (() => void)[] = [];
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        for (const id of open) {
          const settled = settle(id);
          if (settled === 'open') continue;
          open.delete(id);
          ends.add(settled);
        }
        if (open.size === 0) resolve();
      };
      stops.push(app.on(event, look), app.on('accounts:changed', look), app.on('waits:changed', look));
      stops.push(
        app.on('notices:changed', (notices) => {
          tellNotices?.(notices);
          if (!notices.some(({ kind }) => kind === 'records-damaged')) return;
          ends.add(EXIT.failed);
          resolve();
        }),
      );
      start();
      look();
    });
  } finally {
    for (const stop of stops) stop();
  }
  return worstOf([...ends]);
}
