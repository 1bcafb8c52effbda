import { type IpcMainInvokeEvent, type WebContents, ipcMain } from 'electron/main';
import { z } from 'zod';
import { type CommandName, type EventName, type Reply, commandNames, eventNames } from '../../shared/bridge.ts';
import type { Selection } from '../../shared/selection.ts';
import type { Result } from '../../shared/result.ts';
import { answer } from '../commands/answer.ts';
import { selectionOf } from '../commands/index.ts';
import type { App } from '../app/app.ts';
import type { Served } from './opening.ts';
import type { Selections } from '../commands/selections.ts';

const droppedPaths = z.array(z.string().min(1).max(65_536)).max(100_000);

type IsTrusted = (event: IpcMainInvokeEvent) => boolean;

/** Serves every command of the contract, to our own page only, as soon as the records are open. */
export function serveCommands(opening: Promise<Result<Served>>, selections: Selections, isTrusted: IsTrusted): void {
  for (const name of Object.keys(commandNames) as CommandName[]) {
    ipcMain.handle(name, async (event, input: unknown) => {
      if (!isTrusted(event)) throw new Error(`${name}: untrusted sender`);
      const opened = await opening;
      return opened.ok ? answer(name, input, opened.value.handlers, opened.value.failureOf) : opened;
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

/** What the page can ask for when there is no application to ask: a new start, or the end. */
export function serveStart(isTrusted: IsTrusted, acts: { again: () => void; quit: () => void }): void {
  for (const name of ['again', 'quit'] as const) {
    ipcMain.handle(`start:${name}`, (event) => {
      if (!isTrusted(event)) throw new Error(`start:${name}: untrusted sender`);
      acts[name]();
    });
  }
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
