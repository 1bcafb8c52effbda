import type { BrowserWindow } from 'electron/main';
import { errorText } from '../../shared/error-text.ts';
import { MINUTE } from '../../shared/units.ts';
import { choose } from './shell.ts';
import { loadPage } from './window.ts';

export type Care = {
  log: (message: string, details: Record<string, unknown>) => void;
  logFile: string;
  quit: () => void;
};

/** So many crashes within a minute, and loading anew does not help. */
const CRASHES_IN_A_MINUTE = 3;
const goesOn = 'Uploads and everything else go on meanwhile; nothing is lost.';

/** Loads the page, and anew when its process dies; asks the user when that does not help. Main and its queue run on. */
export function careFor(window: BrowserWindow, care: Care): void {
  const { log, logFile } = care;
  let crashes: number[] = [];
  const load = (): void => {
    loadPage(window).catch((error: unknown) => {
      // Loading anew ends an earlier load.
      if (window.isDestroyed() || /ERR_ABORTED/.test(errorText(error))) return;
      log('the window cannot be loaded', { error: errorText(error) });
      ask(`The window cannot be loaded (${errorText(error)})`);
    });
  };
  const ask = (message: string): void => {
    const detail = `${goesOn} The log is ${logFile}.`;
    log('the user is asked', { question: message });
    void choose(window, { message, detail, buttons: ['Load it again', 'Quit'] }).then((answer) => {
      if (answer === 1) care.quit();
      else load();
    });
  };
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log('the window has crashed', { reason, exitCode });
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < MINUTE), now];
    if (crashes.length > CRASHES_IN_A_MINUTE) ask('Firn’s window has crashed several times');
    // Not before Electron has taken note of the end: a load from inside this event is lost.
    else setImmediate(load);
  });
  careForSilence(window, care);
  load();
}

function careForSilence(window: BrowserWindow, { log }: Care): void {
  let isAsking = false;
  window.on('responsive', () => {
    log('the window answers again', {});
  });
  window.on('unresponsive', () => {
    log('the window does not answer', {});
    if (isAsking) return;
    isAsking = true;
    const question = { message: 'Firn’s window does not answer', detail: goesOn, buttons: ['Wait', 'Load it again'] };
    void choose(window, question).then((answer) => {
      isAsking = false;
      // Its process ends, and the window is loaded anew.
      if (answer === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
    });
  });
}
