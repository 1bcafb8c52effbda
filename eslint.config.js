import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** A folder and all that it may import from inside the project. @type {(target: string, allowed: string[]) => object} */
const zone = (target, allowed) => ({
  target: `./${target}`,
  from: './',
  except: [...allowed.map((path) => `./${path}`), './node_modules'],
});

const zones = [
  zone('shared', ['shared']),
  zone('renderer', ['renderer', 'shared']),
  zone('main/core', ['main/core', 'shared']),
  zone('main/store', ['main/store', 'main/core', 'main/files', 'shared']),
  zone('main/catalogue', [
    'main/catalogue',
    'main/store',
    'main/files',
    'main/core',
    // what an inventory looks like
    'main/glacier/inventory-json.ts',
    'main/glacier/inventory-entries.ts',
    'main/glacier/garbled-output.ts',
    'shared',
  ]),
  zone('main/aws', ['main/aws', 'main/core', 'shared']),
  zone('main/glacier', ['main/glacier', 'main/aws', 'main/core', 'shared']),
  zone('main/files', ['main/files', 'main/core', 'shared']),
  zone('main/transfer', ['main/transfer', 'main/files', 'main/glacier', 'main/aws', 'main/core', 'shared']),
  zone('main/practice', ['main/practice', 'main/files/private.ts', 'shared']),
];

/** The only room that knows Electron; everything else runs under plain Node, too. */
const electronFiles = ['main/desktop/**'];

const noEnums = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };

export default tseslint.config(
  { ignores: ['out/**', 'release/**', '.local/**', 'test-results/**', 'tools/local-electron/**'] },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: tseslint.parser, svelteConfig },
    },
  },
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      'no-restricted-syntax': ['error', noEnums],
    },
  },
  {
    // Text of errors may hold secrets. These files alone look into it, to tell one error from another.
    files: ['{shared,main}/**/*.ts'],
    ignores: [
      'shared/error-text.ts',
      'main/aws/network-failure.ts',
      'main/aws/proxies/tunnel.ts',
      'main/glacier/credential-failure.ts',
      'main/store/database.ts',
      'main/practice/**',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        noEnums,
        {
          selector: 'MemberExpression[object.name=/^(error|cause|reason|problem)$/][property.name=/^(message|stack)$/]',
          message: 'Make text of errors with errorText or errorTrace, which cannot tell a secret.',
        },
        {
          selector: "CallExpression[callee.name='String'][arguments.0.name=/^(error|cause|reason)$/]",
          message: 'Make text of errors with errorText, which cannot tell a secret.',
        },
      ],
    },
  },
  {
    files: ['{shared,main,renderer}/**/*.{ts,svelte}'],
    ignores: electronFiles,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['electron', 'electron/*'], message: 'Only the shell knows Electron.' }] },
      ],
    },
  },
  {
    files: ['*.{js,ts,mjs}', 'tools/**', 'test/e2e/*.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
  },
);
