import js from '@eslint/js';
import globals from 'globals';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import { configs as wc } from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const BROWSER = [
  'apps/shell/**',
  'plugins/*/src/client/**',
  'plugins/*/src/client.ts',
  'plugins/*/client.js',
  'apps/cli/templates/**',
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/build/**', 'data/**', 'e2e/fixtures/**', '**/node_modules/**', '**/test-results/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  { languageOptions: { globals: globals.node } },
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name; only entry points that a tool or the plugin contract asks for have a default.',
        },
      ],
    },
  },
  {
    files: ['apps/tasks/**', 'apps/cli/**', 'apps/server/bench/**', '**/testing/**', '**/*.mjs'],
    rules: { 'no-console': 'off' },
  },
  { files: ['apps/shell/**'], rules: { 'no-console': ['error', { allow: ['warn', 'error'] }] } },
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: [
      '**/*.config.*',
      'vite.config.ts',
      '.config/**',
      '.*.cjs',
      'plugins/**',
      'apps/cli/templates/**',
      'e2e/**',
      '**/*-reporter.mjs',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: BROWSER,
    ...lit['flat/recommended'],
    languageOptions: { globals: globals.browser },
    plugins: { ...lit['flat/recommended'].plugins, ...wc['flat/recommended'].plugins, 'lit-a11y': litA11y },
    rules: {
      ...lit['flat/recommended'].rules,
      ...wc['flat/recommended'].rules,
      ...litA11y.configs.recommended.rules,
      // A dialog and a page with one form should say where the keyboard is.
      'lit-a11y/no-autofocus': 'off',
    },
  },
);
