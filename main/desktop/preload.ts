import { type IpcRendererEvent, contextBridge, ipcRenderer, webUtils } from 'electron/renderer';
import { type Bridge, commandNames, eventNames } from '../../shared/bridge.ts';

const bridge: Bridge = {
  invoke(name, input) {
    if (!Object.hasOwn(commandNames, name)) throw new Error(`Unknown command ${name}`);
    return ipcRenderer.invoke(name, input) as never;
  },
  on(name, listener) {
    if (!Object.hasOwn(eventNames, name)) throw new Error(`Unknown event ${name}`);
    const forward = (_event: IpcRendererEvent, payload: Parameters<typeof listener>[0]): void => {
      listener(payload);
    };
    ipcRenderer.on(name, forward);
    return () => ipcRenderer.off(name, forward);
  },
  startAgain: () => ipcRenderer.invoke('start:again') as Promise<void>,
  quit: () => ipcRenderer.invoke('start:quit') as Promise<void>,
  drop(files) {
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke('selection:drop', paths) as never;
  },
};

contextBridge.exposeInMainWorld('firn', bridge);
