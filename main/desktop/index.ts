import { lstatSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserWindow, app, dialog, net, powerMonitor, session } from 'electron/main';
import { errorText, errorTrace } from '../../shared/error-text.ts';
import { type Failure, explain, inOneLine } from '../../shared/failure.ts';
import { type Notice, explainNotice } from '../../shared/notice.ts';
import type { EventName } from '../../shared/bridge.ts';
import { fail, ok } from '../../shared/result.ts';
import { CLOSING_LIMIT_MS, closeWithin } from '../app/closing.ts';
import { problemOfFolder } from '../app/data-folder.ts';
import { adoptFormerFolder } from '../app/former-folder.ts';
import { placesOfData, surroundings } from '../app/places-of-data.ts';
import { commandsOf } from '../commands/index.ts';
import { sendEvents, serveCommands, serveStart } from './ipc.ts';
import { Opening } from './opening.ts';
import { careFor } from './window-care.ts';
import { openLog } from './log.ts';
import type { App } from '../app/app.ts';
import { openApp } from '../app/open.ts';
import { Selections } from '../commands/selections.ts';
import { questionBeforeQuit } from './quitting.ts';
import { askBeforeQuit, desktopShell, notify, systemKeyring, wakefulness } from './shell.ts';
import { isTrusted, openWindow, registerOrigin, serveRenderer } from './window.ts';

const NETWORK_LOOK_MS = 5000;
const POWER_LOOK_MS = 5000;
const here = import.meta.dirname;
const places = placesOfData(surroundings());
const dataFolder = places.data;
const log = openLog(dataFolder);
const opening = new Opening();
let window: BrowserWindow | null = null;
let firn: App | null = null;
let failure: Failure | null = problemOfPlaces();
/** The user, or the system, wants no further question. */
let mayQuit = false;
let isAsking = false;
let isFinishing = false;
/** Somebody started Firn while it was finishing. */
let isWantedAgain = false;

process.on('uncaughtException', (error) => {
  log('uncaught exception', { error: errorTrace(error) });
  // Firn waits, or has stopped, and the window tells why; it is better to let the user quit than to vanish.
  if (firn && firn.failureOf(error).kind !== 'unexpected') return;
  endWith('Firn has to close', error);
});
// A bug in something that nobody waits for. What it was about may be missing, but the queue need not end for it.
process.on('unhandledRejection', (error) => {
  log('unhandled rejection', { error: errorTrace(error) });
  firn?.failureOf(error);
});

registerOrigin();
// Chromium keeps its own files in these two, and ends without a word where it cannot. The first has little: its lock, and the
// key with which Windows seals secrets.
const folders = failure ? temporaryFolders() : places;
app.setPath('userData', folders.data);
app.setPath('sessionData', folders.cache);
if (failure || app.requestSingleInstanceLock() || !isAnotherThere()) {
  app.on('second-instance', showAgain);
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('before-quit', askFirst);
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
    log('a process has ended', { type, reason, exitCode });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quitUnasked);
  // Not awaited here: Electron gets ready only after this module has been evaluated.
  void app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      log('start failed', { error: errorTrace(error) });
      endWith('Firn cannot start', error);
    });
} else {
  app.exit(0);
}

function problemOfPlaces(): Failure | null {
  return adoptFormerFolder(places.former, places.data) ?? problemOfFolder(places.data) ?? problemOfFolder(places.cache);
}

function temporaryFolders(): { data: string; cache: string } {
  const data = mkdtempSync(join(tmpdir(), 'firn-'));
  return { data, cache: join(data, 'chromium') };
}

/** The window comes first: opening the records may take a while, and where it fails, the window says why. */
async function start(): Promise<void> {
  const selections = new Selections();
  serveRenderer(join(here, '../renderer'));
  serveCommands(opening.done, selections, isTrusted);
  serveStart(isTrusted, { again: startAgain, quit: quitUnasked });
  window = openWindow(join(here, '../preload/preload.cjs'));
  window.on('close', askFirst);
  window.on('closed', () => {
    window = null;
  });
  careFor(window, { log, logFile: join(dataFolder, 'firn.log'), quit: quitUnasked });
  const opened = failure
    ? fail(failure)
    : await openApp({ dataFolder, codeFolder: here, secrets: systemKeyring(), log, systemProxies });
  if (!opened.ok) {
    failure = opened.failure;
    log('start failed', { failure });
    // For whoever started it in a terminal; the window says the same.
    process.stderr.write(`${inOneLine(explain(failure, 'window', 'request'))}\n`);
    opening.end(opened);
    return;
  }
  run(opened.value, selections);
}

function run(running: App, selections: Selections): void {
  firn = running;
  if (window) sendEvents(running, window.webContents);
  const handlers = commandsOf(
    running,
    desktopShell(() => window),
    selections,
  );
  opening.end(ok({ handlers, failureOf: running.failureOf }));
  // Whoever quits meanwhile waits for the records, and nothing is begun any more.
  if (isFinishing) return;
  watchPower(running);
  running.engine.runner.start();
  running.copies.start();
  void running.copyReturns.start();
  watchTheWorld(running);
  tellTheDesktop(running);
}

/** What is on the wire stops before sleep rather than in it; afterwards, and when the network is back, no wait is sat out. */
function watchTheWorld(running: App): void {
  powerMonitor.on('shutdown', quitUnasked);
  powerMonitor.on('suspend', () => {
    running.sleep.begin();
  });
  powerMonitor.on('resume', () => {
    running.sleep.end();
  });
  let wasOnline = net.isOnline();
  setInterval(() => {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) running.networkBack();
    wasOnline = isOnline;
  }, NETWORK_LOOK_MS).unref();
}

/** Not every system tells of a change, so it is looked at, too. */
function watchPower(running: App): void {
  const look = (): void => {
    running.setPower({ onBattery: powerMonitor.isOnBatteryPower() });
  };
  look();
  powerMonitor.on('on-battery', look);
  powerMonitor.on('on-ac', look);
  setInterval(look, POWER_LOOK_MS).unref();
}

function tellTheDesktop(running: App): void {
  const keepAwake = wakefulness();
  running.on('uploads:progress', ({ uploads }) => {
    keepAwake(uploads.length > 0 && running.settings().stayAwake);
  });
  let wasExpiring = false;
  const notifyOnce = (notices: readonly Notice[]): void => {
    const expiring = notices.find(({ kind }) => kind === 'uploads-expiring');
    if (expiring && !wasExpiring) {
      const { title, remedy } = explainNotice(expiring, 'window');
      notify(title, remedy, focusWindow);
    }
    wasExpiring = expiring !== undefined;
  };
  notifyOnce(running.notices.list());
  running.on('notices:changed', notifyOnce);
}

/** The system's proxy settings, as the browser inside Electron understands them. */
function systemProxies(url: string): Promise<string> {
  return session.defaultSession.resolveProxy(url);
}

/** Asks before what is on the wire is stopped. Nothing would be lost, but whoever starts a long upload may want it done. */
function askFirst(event: Electron.Event): void {
  event.preventDefault();
  if (isFinishing || isAsking) return;
  const asking = firn;
  const question = mayQuit || !asking ? null : questionBeforeQuit(asking, Date.now());
  if (!question || !asking) {
    void finish();
    return;
  }
  isAsking = true;
  void askBeforeQuit(window, question).then(({ quit, askAgain }) => {
    isAsking = false;
    if (!askAgain) asking.changeSettings({ askBeforeQuit: false });
    if (quit) quitUnasked();
  });
}

function quitUnasked(): void {
  mayQuit = true;
  app.quit();
}

/** Waits until nothing runs any more, though not for ever; what was on its way goes on at the next start. */
async function finish(): Promise<void> {
  isFinishing = true;
  window?.webContents.send('app:finishing' satisfies EventName, null);
  const ending = await closeWithin(async () => {
    await opening.done;
    await firn?.close();
  });
  if (ending.kind === 'failed') log('closing failed', { error: errorTrace(ending.error) });
  if (isWantedAgain) app.relaunch();
  if (ending.kind !== 'late') app.exit(failure ? 1 : 0);
  else {
    log('quitting took too long', { limitMs: CLOSING_LIMIT_MS });
    app.releaseSingleInstanceLock();
    process.kill(process.pid, 'SIGKILL');
  }
}

/** After a start that failed; otherwise the window alone begins anew. */
function startAgain(): void {
  if (!failure) return;
  app.relaunch();
  app.exit(0);
}

/** For what leaves no window that could tell. */
function endWith(title: string, error: unknown): void {
  const where = `What happened is written in ${join(dataFolder, 'firn.log')}.`;
  dialog.showErrorBox(
    title,
    `${errorText(error)}\n\nNothing in the queue is lost; it goes on at the next start. ${where}`,
  );
  app.exit(1);
}

/** Without its link, Chromium could not take the lock for another reason than another Firn, which it does not tell. */
function isAnotherThere(): boolean {
  if (process.platform === 'win32') return true;
  if (lstatSync(join(dataFolder, 'SingletonLock'), { throwIfNoEntry: false })) return true;
  failure = {
    kind: 'data-folder-unusable',
    folder: dataFolder,
    problem: 'other',
    detail: 'nothing can be locked in it',
  };
  return false;
}

/** Firn was started once more. */
function showAgain(): void {
  if (isFinishing) isWantedAgain = true;
  focusWindow();
}

function focusWindow(): void {
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}
