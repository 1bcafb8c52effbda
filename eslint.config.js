import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const noEnums = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };
const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Give it a name.' };

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
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      'no-restricted-syntax': ['error', noEnums, noDefaultExport],
    },
  },
  {
    // Text of errors may hold secrets. These files alone look into it, to tell one error from another.
    files: ['{shared,main}/**/*.ts'],
    ignores: [
      'shared/error-text.ts',
      'main/aws/network-failure.ts',
      'main/aws/proxies/tunnel.ts',
      'main/aws/credentials/credential-failure.ts',
      'main/store/database.ts',
      'main/practice/**',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        noEnums,
        noDefaultExport,
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
    files: ['*.{js,ts,mjs}', 'tools/**', 'test/e2e/*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnums] },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
  },
);
