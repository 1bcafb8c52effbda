import { expect, test } from 'playwright/test';
import { launchFirn } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';

test('the theme is kept, and the check-up of the practice vault finds nothing to mend', async ({}, info) => {
  const dataFolder = info.outputPath('data');
  const first = await launchFirn({ dataFolder });
  const window = await FirnWindow.of(first);
  await window.tryPracticeVault();
  await window.goTo('Settings');
  await window.page.getByRole('radio', { name: 'Dark' }).focus();
  await window.page.keyboard.press('Space');
  await expect(window.page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await window.page.getByRole('button', { name: 'Check-up' }).click();
  await expect(window.page.getByRole('dialog')).toContainText('Nothing stands in the way of an upload.');
  await expect(window.page.getByRole('dialog')).toContainText('glacier:CompleteMultipartUpload');
  await first.close();

  const second = await launchFirn({ dataFolder });
  const again = await FirnWindow.of(second);
  await expect(again.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await second.close();
});

test('on battery Firn sends gently, unless told otherwise, and says so', async ({}, info) => {
  const app = await launchFirn({ dataFolder: info.outputPath('data') });
  const window = await FirnWindow.of(app);
  await window.tryPracticeVault();
  await window.goTo('Settings');
  const { page } = window;
  const power = (onBattery: boolean) =>
    app.evaluate(({ powerMonitor }, isOn) => {
      powerMonitor.isOnBatteryPower = () => isOn;
      powerMonitor.emit(isOn ? 'on-battery' : 'on-ac');
    }, onBattery);
  await power(false);
  await expect(page.getByText('Plugged in now. Full speed')).toBeVisible();
  await power(true);
  await expect(page.getByText('On battery now. Gentle')).toBeVisible();
  await page.getByRole('radio', { name: 'Full speed' }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText('Full speed: every core')).toBeVisible();
  await app.close();
});
