import type { ElectronApplication, Page } from 'playwright';
import { expect as playwrightExpect } from 'playwright/test';

/** Patient also where no configuration of Playwright says so: in the demo. */
const expect = playwrightExpect.configure({ timeout: 60_000 });

/** Uses Firn's window as a person would: by what stands on it. */
export class FirnWindow {
  readonly app: ElectronApplication;
  readonly page: Page;

  private constructor(app: ElectronApplication, page: Page) {
    this.app = app;
    this.page = page;
  }

  static async of(app: ElectronApplication): Promise<FirnWindow> {
    const page = await app.firstWindow();
    return new FirnWindow(app, page);
  }

  async goTo(view: 'Queue' | 'Catalogue' | 'Vaults' | 'Retrievals' | 'Deletions' | 'Settings'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('button', { name: view }).click();
    await expect(this.page.getByRole('heading', { name: view, level: 1 })).toBeVisible();
  }

  async tryPracticeVault(): Promise<void> {
    await this.page.getByRole('button', { name: 'Try the practice vault' }).click();
    await expect(this.page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  }

  async createVault(name: string): Promise<void> {
    await this.goTo('Vaults');
    const field = this.page.getByLabel('Vault name');
    if (!(await field.isVisible())) await this.page.getByRole('button', { name: 'Create vault' }).first().click();
    await field.fill(name);
    await this.page.getByRole('button', { name: 'Create vault' }).last().click();
    await expect(this.page.getByRole('table', { name: 'Vaults' }).getByText(name, { exact: true })).toBeVisible();
  }

  /** The system's own file dialog cannot be driven, so it answers at once with these paths. */
  async answerFileDialog(...paths: readonly string[]): Promise<void> {
    await this.app.evaluate(
      ({ dialog }, filePaths) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
      },
      [...paths],
    );
  }

  async addFiles(paths: readonly string[], choice: { partSize?: string } = {}): Promise<void> {
    await this.answerFileDialog(...paths);
    await this.goTo('Queue');
    await this.page.getByRole('button', { name: 'Add files…' }).click();
    if (choice.partSize !== undefined) await this.page.getByLabel('Part size').selectOption({ label: choice.partSize });
  }

  async startUpload(): Promise<void> {
    await this.page.getByRole('button', { name: 'Start upload' }).click();
  }

  row(fileName: string) {
    return this.page.getByRole('grid', { name: 'Uploads' }).getByRole('row').filter({ hasText: fileName });
  }
}
