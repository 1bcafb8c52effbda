import { randomBytes } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { MiB, TiB } from '../../shared/units.ts';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';

test('a wrong secret and a lost network are told in words, and the queue goes on by itself', async ({}, info) => {
  const practiceFolder = info.outputPath('service');
  let service = await startPractice(practiceFolder);
  const keys = environmentFor(service.url);
  const app = await launchFirn({ dataFolder: info.outputPath('data') });
  const window = await FirnWindow.of(app);
  const { page } = window;

  await page.getByRole('button', { name: 'Connect an account' }).click();
  await page.getByLabel('Access key ID').fill(keys['AWS_ACCESS_KEY_ID'] ?? '');
  await page.getByLabel('Secret access key', { exact: true }).fill('not the secret');
  await page.getByLabel('Region').selectOption('us-east-1');
  await page.getByLabel('Endpoint').fill(service.url);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('Amazon does not accept these credentials')).toBeVisible();
  await expect(page.getByLabel('Access key ID')).toHaveValue(keys['AWS_ACCESS_KEY_ID'] ?? '');
  await page.getByLabel('Secret access key', { exact: true }).fill(keys['AWS_SECRET_ACCESS_KEY'] ?? '');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await window.createVault('photos');

  const file = info.outputPath('late.raw');
  writeFileSync(file, randomBytes(3 * MiB));
  await window.addFiles([file], { partSize: '1 MiB' });
  await expect(page.getByRole('button', { name: 'Start upload' })).toBeEnabled();
  service.kill();
  await window.startUpload();
  await expect(window.row('late.raw')).toContainText('The service cannot be reached');
  service = await startPractice(practiceFolder, ['--port', new URL(service.url).port]);
  await expect(window.row('late.raw')).toContainText('Stored');

  await app.close();
  service.kill();
});

test('what cannot be uploaded is left out with its reason before anything starts', async ({}, info) => {
  const app = await launchFirn({ dataFolder: info.outputPath('data') });
  const window = await FirnWindow.of(app);
  await window.tryPracticeVault();
  await window.createVault('photos');
  const folder = info.outputPath('files');
  mkdirSync(folder);
  writeFileSync(join(folder, 'empty.raw'), '');
  writeFileSync(join(folder, 'good.raw'), 'x');
  writeFileSync(join(folder, 'huge.raw'), 'x');
  truncateSync(join(folder, 'huge.raw'), 1 * TiB);
  await window.addFiles([folder, join(folder, 'gone.raw')], { partSize: '1 MiB' });

  const leftOut = window.page.getByRole('region', { name: 'Left out' });
  await expect(leftOut).toContainText('The file is empty');
  await expect(leftOut).toContainText('does not fit into 10,000 parts of 1 MiB. Choose parts of at least 128 MiB');
  await expect(leftOut).toContainText('gone.raw is not there');
  await window.startUpload();
  await expect(window.row('good.raw')).toContainText('Stored');
  await expect(window.row('empty.raw')).toHaveCount(0);
  await app.close();
});
