import type { ElectronApplication } from 'playwright';

/** Message boxes of the system cannot be driven: each is answered at once, and remembers what it asked. */
export async function answerMessageBox(
  app: ElectronApplication,
  response: number,
  checkboxChecked = false,
): Promise<void> {
  await app.evaluate(
    ({ dialog }, answer) => {
      dialog.showMessageBox = (...args: unknown[]) => {
        Object.assign(globalThis, { asked: args.at(-1) });
        return Promise.resolve(answer);
      };
    },
    { response, checkboxChecked },
  );
}

/** What the last message box asked; null when none did. */
export const asked = (app: ElectronApplication): Promise<unknown> =>
  app.evaluate(() => (globalThis as unknown as { asked?: unknown }).asked ?? null);
