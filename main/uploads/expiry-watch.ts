import { HOUR, MINUTE } from '../../shared/units.ts';
import type { NoticeBody } from '../../shared/notice.ts';
import type { Clock } from '../core/ports.ts';
import type { Guard } from '../app/feed.ts';
import type { NoticeBoard } from '../app/notices.ts';
import type { UploadStore } from '../store/uploads.ts';

/** Early enough to sign in, to plug a drive in, or to resume. */
const WARN_MS = 4 * HOUR;
const LOOK_MS = 1 * MINUTE;

type Expiring = Extract<NoticeBody, { kind: 'uploads-expiring' }>;

/** Warns of uploads that stand still, whatever the reason, and will soon have to start over. */
export class ExpiryWatch {
  readonly #uploads: UploadStore;
  readonly #notices: NoticeBoard;
  readonly #clock: Clock;
  readonly #guard: Guard;
  readonly #unsubscribe: () => void;
  #told: Expiring | null = null;
  #stopWaiting: () => void = () => undefined;

  constructor(uploads: UploadStore, notices: NoticeBoard, clock: Clock, guard: Guard) {
    this.#uploads = uploads;
    this.#notices = notices;
    this.#clock = clock;
    this.#guard = guard;
    this.#unsubscribe = uploads.onChange(() => {
      if (this.#told) this.#look();
    });
    this.#lookAndWait();
  }

  close(): void {
    this.#unsubscribe();
    this.#stopWaiting();
  }

  #lookAndWait(): void {
    this.#guard(() => {
      this.#look();
    });
    this.#stopWaiting = this.#clock.after(LOOK_MS, () => {
      this.#lookAndWait();
    });
  }

  #look(): void {
    const now = this.#clock.now();
    const expiring = this.#uploads.expiring(now, now + WARN_MS);
    const [first] = expiring;
    const notice: Expiring | null = first
      ? { kind: 'uploads-expiring', uploads: expiring.length, path: first.path, firstAt: first.expiresAt }
      : null;
    // What the user has dismissed comes back only when it is another.
    if (isSame(notice, this.#told)) return;
    this.#told = notice;
    this.#notices.tellMeanwhile('uploads-expiring', notice, now);
  }
}

function isSame(a: Expiring | null, b: Expiring | null): boolean {
  return a?.path === b?.path && a?.firstAt === b?.firstAt && a?.uploads === b?.uploads;
}
