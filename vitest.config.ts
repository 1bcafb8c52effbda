import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const setUp = { globalSetup: ['test/support/global-set-up.ts'] };

export default defineConfig({
  plugins: [svelte()],
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/ui/**', 'test/windows/**', 'test/installed/**'],
          testTimeout: 30_000,
          ...setUp,
        },
      },
      // These two want more than npm packages: `npm run windows`, `npm run packages`.
      { test: { name: 'windows', include: ['test/windows/**/*.test.ts'], testTimeout: 300_000 } },
      { test: { name: 'packages', include: ['test/installed/**/*.test.ts'], testTimeout: 300_000 } },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'ui',
          environment: 'jsdom',
          testTimeout: 30_000,
          include: ['test/ui/**/*.test.{ts,svelte.ts}'],
          server: { deps: { inline: ['svelte'] } },
        },
      },
    ],
  },
});
