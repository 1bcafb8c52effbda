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
          exclude: ['test/e2e/**', 'test/ui/**'],
          testTimeout: 30_000,
          ...setUp,
        },
      },
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
