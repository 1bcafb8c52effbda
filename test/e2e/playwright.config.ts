import { defineConfig } from 'playwright/test';

/** Each test starts applications of its own with data folders of their own; the limits only end what hangs. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../test-results',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 30_000 },
});
