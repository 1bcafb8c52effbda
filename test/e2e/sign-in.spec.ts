import { writeFileSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { startPracticeService } from '../../main/practice/server.ts';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { startSignInService, studioProfile } from '../support/sign-in-service.ts';

test('an account of an imported catalogue is confirmed by the code that its role asks for', async ({}, info) => {
  const vault = await startPracticeService({ folder: info.outputPath('vault') });
  const service = await startSignInService();
  const app = await launchFirn({
    dataFolder: info.outputPath('data'),
    env: studioProfile(info.outputDir, service),
  });
  const window = await FirnWindow.of(app);
  const { page } = window;
  await window.tryPracticeVault();
  await window.answerFileDialog(strangersCatalogue(info.outputPath('catalogue.jsonl'), vault.url));
  await window.goTo('Catalogue');
  await page.getByRole('button', { name: 'Import…' }).click();
  await page.getByRole('button', { name: 'Choose a file…' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await window.goTo('Settings');
  await page.getByRole('button', { name: 'Confirm', exact: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Confirm Studio' });
  await expect(dialog).toContainText(vault.url);
  await dialog.getByRole('button', { name: 'Confirm and sign in' }).click();
  await dialog.getByLabel('Code of the MFA device').fill('123456');
  await dialog.getByRole('button', { name: 'Confirm and sign in' }).click();
  await expect(dialog).toBeHidden();
  const [signIn, ...others] = service.bodies;
  expect(signIn).toContain('TokenCode=123456');
  // The code is good for one sign-in; whose account it is may be asked as well.
  for (const body of others) expect(body).toContain('Action=GetCallerIdentity');
  await app.close();
  await vault.close();
  service.server.close();
});

function strangersCatalogue(file: string, endpointUrl: string): string {
  const account = {
    id: '5f0e2a52-0000-4000-8000-000000000001',
    name: 'Studio',
    source: { kind: 'profile', profile: 'studio' },
    endpointUrl,
  };
  const archive = { archiveId: 'A'.repeat(138), size: 5, treeHash: 'a'.repeat(64), description: '', location: '' };
  const told = { at: '2026-01-01T00:00:00.000Z', event: 'stored', uploadId: null, toldBy: 'upload', account };
  const where = { vault: 'photos', region: 'us-east-1', path: '/photos/a.raw', modifiedNs: null };
  writeFileSync(file, `${JSON.stringify({ ...told, ...where, ...archive })}\n`);
  return file;
}
