import { join } from 'node:path';
import { type BrowserWindow, app, dialog, net, powerMonitor, session } from 'electron/main';
import { errorText, errorTrace } from '../../shared/error-text.ts';
import { explain } from '../../shared/failure.ts';
import { type Notice, explainNotice } from '../../shared/notice.ts';
import { commandsOf } from '../commands.ts';
import { sendEvents, serveCommands } from './ipc.ts';
import { openLog } from './log.ts';
import { type App, openApp } from '../open.ts';
import { Selections } from '../selections.ts';
import { questionBeforeQuit } from './quitting.ts';
import { askBeforeQuit, desktopShell, notify, systemKeyring, wakefulness } from './shell.ts';
import { isTrusted, loadPage, openWindow, registerOrigin, serveRenderer } from './window.ts';

const NETWORK_LOOK_MS = 5000;
const POWER_LOOK_MS = 5000;
const here = import.meta.dirname;
/** `FIRN_DATA` moves all of Firn's data; the demo, the tests and portable installations use it. */
const dataFolder = process.env['FIRN_DATA'] ?? app.getPath('userData');
const log = openLog(dataFolder);
let window: BrowserWindow | null = null;
let firn: App | null = null;
/** The user, or the system, wants no further question. */
let mayQuit = false;
let isAsking = false;

process.on('uncaughtException', (error) => {
  log('uncaught exception', { error: errorTrace(error) });
  // The queue has stopped and the window tells why; it is better to let the user quit than to vanish.
  if (firn?.failureOf(error).kind === 'database-damaged') return;
  dialog.showErrorBox(
    'Firn has to close',
    `${errorText(error)}\n\nNothing in the queue is lost; it goes on at the next start.`,
  );
  app.exit(1);
});

registerOrigin();
app.setPath('userData', dataFolder);
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', focusWindow);
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('before-quit', askFirst);
  app.on('will-quit', closeFirst);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quitUnasked);
  // Not awaited here: Electron gets ready only after this module has been evaluated.
  void app.whenReady().then(start);
} else {
  app.exit(0);
}

async function start(): Promise<void> {
  const opened = await openApp({ dataFolder, codeFolder: here, secrets: systemKeyring(), log, systemProxies });
  if (!opened.ok) {
    const { title, remedy } = explain(opened.failure, 'window', 'request');
    dialog.showErrorBox(title, remedy);
    app.exit(1);
    return;
  }
  firn = opened.value;
  const selections = new Selections();
  serveRenderer(join(here, '../renderer'));
  serveCommands(
    commandsOf(
      firn,
      desktopShell(() => window),
      selections,
    ),
    selections,
    isTrusted,
    firn.failureOf,
  );
  window = openWindow(join(here, '../preload/preload.cjs'));
  window.on('close', askFirst);
  window.on('closed', () => {
    window = null;
  });
  sendEvents(firn, window.webContents);
  await loadPage(window);
  watchPower(firn);
  firn.runner.start();
  firn.tasks.start();
  firn.copies.start();
  void firn.copyReturns.start();
  watchTheWorld(firn);
  tellTheDesktop(firn);
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
  const asking = firn;
  const question = mayQuit || !asking ? null : questionBeforeQuit(asking, Date.now());
  if (!question || !asking) return;
  event.preventDefault();
  if (isAsking) return;
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

/** Quitting waits until nothing runs any more; what was on its way goes on at the next start. */
function closeFirst(event: Electron.Event): void {
  if (!firn) return;
  event.preventDefault();
  const closing = firn;
  firn = null;
  closing
    .close()
    .catch((error: unknown) => {
      log('closing failed', { error: errorText(error) });
    })
    .finally(() => {
      // Not before Electron has taken note that this quitting was prevented, or it takes the new one for the same.
      setImmediate(() => {
        app.quit();
      });
    });
}

function focusWindow(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}
