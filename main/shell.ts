import { type BrowserWindow, app, clipboard, dialog, safeStorage } from 'electron/main';
import { shell } from 'electron/common';
import type { Shell } from './commands.ts';
import { type SecretBox, noKeyring } from './secrets.ts';

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

/* eslint-disable @typescript-eslint/no-deprecated -- the asynchronous twins are not in Electron 33, which this runs on, too */
/** The system's keyring; none where the system would keep secrets in plain text. */
export function systemKeyring(): SecretBox {
  const isPlain = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  if (isPlain || !safeStorage.isEncryptionAvailable()) return noKeyring;
  return {
    available: true,
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
