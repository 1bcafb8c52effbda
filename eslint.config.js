import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// The components of the window, whose types svelte-check checks. Everything else is oxlint's (.oxlintrc.json), which knows types
// as well and is ten times as fast, but cannot read Svelte's templates.

const files = ['**/*.svelte'];

export default tseslint.config(
  { ignores: ['**/*.{js,mjs,cjs,ts}', 'out/**', 'release/**', '.local/**', 'test-results/**'] },
  { files, extends: [...tseslint.configs.strict] },
  ...svelte.configs.recommended,
  {
    files,
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { extraFileExtensions: ['.svelte'], parser: tseslint.parser, svelteConfig },
    },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-definitions': 'off',
    },
  },
);
