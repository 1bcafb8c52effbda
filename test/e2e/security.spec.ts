import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'playwright/test';
import { launchFirn } from '../support/electron-app.ts';

// The 20 items of Electron's security checklist stand in docs/security.md, each with its proof; these are of the running window.
test('the window is isolated: no Node, no other origin, no navigation, no new windows, no permissions', async ({}, info) => {
  const app = await launchFirn({ dataFolder: info.outputPath('data') });
  const page = await app.firstWindow();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const address = page.url();
  expect(address).toBe('app://firn/');

  await test.step('the page is sandboxed and isolated', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    for (const name of ['allowRunningInsecureContent', 'experimentalFeatures', 'webviewTag', 'enableBlinkFeatures'])
      expect(Boolean(preferences[name]), name).toBe(false);
    const globals = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in globalThis),
    );
    expect(globals).toEqual([]);
  });

  await test.step('only its own scripts run, and nothing else is fetched', async () => {
    const server = createServer((_request, response) => response.end('secret')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const told = await page.evaluate(async (other) => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        refused.push(effectiveDirective),
      );
      const script = document.createElement('script');
      const assign = (): boolean => {
        try {
          script.text = 'globalThis.ran = true';
          document.head.append(script);
          return true;
        } catch {
          return false;
        }
      };
      const assigned = assign();
      const fetched = await fetch(other).then(
        () => true,
        () => false,
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { assigned, fetched, ran: 'ran' in globalThis, refused };
    }, url);
    expect(told).toMatchObject({ assigned: false, fetched: false, ran: false });
    expect(told.refused).toEqual(expect.arrayContaining(['connect-src']));
    server.close();
  });

  await test.step('it gets no permission', async () => {
    const states = await page.evaluate(async () => {
      const notification = await Notification.requestPermission();
      const { state } = await navigator.permissions.query({ name: 'geolocation' });
      return [notification, state];
    });
    expect(states).toEqual(['denied', 'denied']);
  });

  await test.step('nobody else commands: a frame of another origin is refused', async () => {
    const refused = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
      await stranger.loadURL('data:text/html,<p>stranger</p>');
      const handlers = (
        ipcMain as unknown as { _invokeHandlers: Map<string, (event: unknown, input: unknown) => unknown> }
      )._invokeHandlers;
      const event = { senderFrame: stranger.webContents.mainFrame };
      const answers = [];
      for (const [name, handle] of handlers) {
        const answer = await Promise.resolve()
          .then(() => handle(event, {}))
          .then(
            () => 'answered',
            (error: unknown) => String(error),
          );
        answers.push(`${name}: ${answer.includes('untrusted sender') ? 'refused' : answer}`);
      }
      stranger.destroy();
      return answers;
    });
    expect(refused.length).toBeGreaterThan(10);
    expect(refused.filter((line) => !line.endsWith(': refused'))).toEqual([]);
  });
  await test.step('it goes nowhere and opens nothing', async () => {
    expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true);
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    await page.evaluate(() => {
      location.href = 'file:///etc/passwd';
    });
    // Asked of main, for Playwright waits for what was prevented.
    const urls = await app.evaluate(async ({ BrowserWindow }) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL());
    });
    expect(urls).toEqual([address]);
  });

  await app.close();
});
