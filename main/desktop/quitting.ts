import { MULTIPART_IDLE_LIMIT_MS } from '../../shared/upload.ts';
import { formatDuration } from '../../shared/units.ts';
import { plural } from '../../shared/words.ts';
import { printable } from '../../shared/failure.ts';
import type { App } from '../app/app.ts';

export type QuitQuestion = { message: string; detail: string };

/** What quitting means for what is on its way; null when nothing is, or when the user wants no question. */
export function questionBeforeQuit(
  { settings, uploadWorker, uploads }: Pick<App, 'settings' | 'uploadWorker' | 'uploads'>,
  now: number,
): QuitQuestion | null {
  if (!uploadWorker.isBusy || !settings().askBeforeQuit) return null;
  const open = uploads.countOpen();
  const [first] = uploads.expiring(now, now + MULTIPART_IDLE_LIMIT_MS);
  const goesOn = `Firn goes on where ${open === 1 ? 'it is' : 'they are'} now when you start it again.`;
  const deadline =
    first && `Unless that is within ${formatDuration(first.expiresAt - now)}, ${printable(first.path)} starts over.`;
  return {
    message: `${plural(open, 'upload')} ${open === 1 ? 'is' : 'are'} not finished`,
    detail: deadline ? `${goesOn} ${deadline}` : goesOn,
  };
}
