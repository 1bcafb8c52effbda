import { type IpcMainInvokeEvent, type WebContents, ipcMain } from 'electron/main';
import { z } from 'zod';
import { type CommandName, type EventName, type Reply, commandNames, eventNames } from '../../shared/bridge.ts';
import type { Selection } from '../../shared/selection.ts';
import { type Handlers, answer } from '../answer.ts';
import { selectionOf } from '../commands.ts';
import type { App } from '../open.ts';
import type { Selections } from '../selections.ts';

const droppedPaths = z.array(z.string().min(1).max(65_536)).max(100_000);

/** Serves every command of the contract, to our own page only. */
export function serveCommands(
  handlers: Handlers,
  selections: Selections,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
  failureOf: App['failureOf'],
): void {
  for (const name of Object.keys(commandNames) as CommandName[]) {
    ipcMain.handle(name, (event, input: unknown) => {
      if (!isTrusted(event)) throw new Error(`${name}: untrusted sender`);
      return answer(name, input, handlers, failureOf);
    });
  }
  // Not in the contract: the preload alone calls it, with the paths of real files.
  ipcMain.handle('selection:drop', (event, paths: unknown): Reply<Selection | null> => {
    if (!isTrusted(event)) throw new Error('selection:drop: untrusted sender');
    const parsed = droppedPaths.safeParse(paths);
    if (!parsed.success)
      return { ok: false, failure: { kind: 'invalid-input', detail: 'These files cannot be read.' } };
    return { ok: true, value: selectionOf(parsed.data, selections) };
  });
}

/** Passes the application's events on to the window, until it is gone. */
export function sendEvents(app: App, contents: WebContents): void {
  for (const name of Object.keys(eventNames) as EventName[]) {
    const stop = app.on(name, (payload) => {
      if (!contents.isDestroyed()) contents.send(name, payload);
    });
    contents.once('destroyed', stop);
  }
}
