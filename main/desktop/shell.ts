import { type BrowserWindow, Notification, app, clipboard, dialog, powerSaveBlocker, safeStorage } from 'electron/main';
import { shell } from 'electron/common';
import { basename } from 'node:path';
import type { Shell } from '../commands/shell.ts';
import type { QuitQuestion } from './quitting.ts';
import { type SecretBox, noKeyring } from '../places/secrets.ts';

/** Dialogs, clipboard and file manager of the desktop. */
export function desktopShell(window: () => BrowserWindow | null): Shell {
  return {
    version: app.getVersion(),
    async choosePaths(what) {
      const options: Electron.OpenDialogOptions = {
        properties: what === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory', 'multiSelections'],
        title: what === 'files' ? 'Add files' : 'Add folder',
      };
      const parent = window();
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      return filePaths;
    },
    async chooseMoved(path) {
      const options: Electron.OpenDialogOptions = {
        properties: ['openDirectory'],
        title: `Where is ${basename(path)} now?`,
        message: 'Choose the folder that it is in, or one above it. All that moved with it follows.',
        buttonLabel: 'It is in here',
      };
      const parent = window();
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      return filePaths[0] ?? null;
    },
    async chooseTarget() {
      const options: Electron.OpenDialogOptions = {
        properties: ['openDirectory', 'createDirectory'],
        title: 'Retrieve into',
        buttonLabel: 'Retrieve here',
      };
      const parent = window();
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      return filePaths[0] ?? null;
    },
    async chooseNewFile(suggestion) {
      const options = { title: 'Export the catalogue', defaultPath: suggestion };
      const parent = window();
      const { filePath } = await (parent ? dialog.showSaveDialog(parent, options) : dialog.showSaveDialog(options));
      return filePath === '' ? null : filePath;
    },
    async chooseFileToImport() {
      const options: Electron.OpenDialogOptions = { title: 'Import into the catalogue', properties: ['openFile'] };
      const parent = window();
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      return filePaths[0] ?? null;
    },
    copy: (text) => {
      void clipboard.writeText(text);
    },
    reveal: (path) => {
      shell.showItemInFolder(path);
    },
  };
}

/** Asks with the system's own message box; resolves with the number of the button. Closing it counts as the first. */
export async function choose(
  parent: BrowserWindow,
  question: { message: string; detail: string; buttons: string[] },
): Promise<number> {
  const options = { type: 'warning', title: 'Firn', ...question, defaultId: 0, cancelId: 0 } as const;
  const { response } = await dialog.showMessageBox(parent, options);
  return response;
}

/** `askAgain`: whether the user wants the question the next time, too. */
export async function askBeforeQuit(
  parent: BrowserWindow | null,
  { message, detail }: QuitQuestion,
): Promise<{ quit: boolean; askAgain: boolean }> {
  const options: Electron.MessageBoxOptions = {
    type: 'question',
    title: 'Firn',
    message,
    detail,
    buttons: ['Quit', 'Keep uploading'],
    defaultId: 0,
    cancelId: 1,
    checkboxLabel: 'Do not ask again',
  };
  const { response, checkboxChecked } = await (parent
    ? dialog.showMessageBox(parent, options)
    : dialog.showMessageBox(options));
  return { quit: response === 0, askAgain: !checkboxChecked };
}

/** Keeps the computer awake, though not its screen, for as long as it is told to. */
export function wakefulness(): (isWanted: boolean) => void {
  let blocker: number | null = null;
  return (isWanted) => {
    if (isWanted && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (isWanted || blocker === null) return;
    powerSaveBlocker.stop(blocker);
    blocker = null;
  };
}

/** A notification of the desktop that brings the window to the front when it is clicked. */
export function notify(title: string, body: string, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body });
  notification.on('click', onClick);
  notification.show();
}

/* eslint-disable @typescript-eslint/no-deprecated -- the asynchronous twins are not in Electron 33, which this runs on, too */
/** The system's keyring; none where the system would keep secrets in plain text. One that is locked may be opened later. */
export function systemKeyring(): SecretBox {
  const isPlain = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  if (isPlain) return noKeyring;
  return {
    get available() {
      return safeStorage.isEncryptionAvailable();
    },
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt(secret) {
      try {
        return safeStorage.decryptString(Buffer.from(secret));
      } catch {
        return null;
      }
    },
  };
}
