// @ts-check
import js from '@eslint/js';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The house: each folder of src, and the folders it may import. Arrows run downward only, so a
 * folder never appears in the list of one that stands below it.
 */
const floors = {
  conformance: [],
  config: ['conformance'],
  simulator: [],
  aws: ['conformance'],
  refresh: ['aws', 'conformance'],
  metrics: ['refresh', 'aws', 'conformance'],
  inquiries: ['metrics', 'refresh', 'aws', 'conformance'],
  status: ['metrics', 'refresh', 'conformance'],
  http: ['status', 'metrics', 'refresh', 'conformance'],
  commands: [
    'http',
    'status',
    'metrics',
    'inquiries',
    'refresh',
    'aws',
    'conformance',
    'config',
    'simulator',
  ],
};

/** Libraries that one folder alone may know. */
const libraryOwners = {
  aws: ['@aws-sdk/*', '@smithy/*', 'proxy-agent'],
  metrics: ['prom-client'],
  http: ['express', 'bcrypt', 'preact', 'preact/*', 'preact-render-to-string'],
  config: ['zod', 'yaml'],
  commands: ['commander'],
};

const folderRules = Object.keys(floors).map((folder) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': ['error', { patterns: libraryPatterns(folder) }],
  },
}));

/** @param {string} folder */
function libraryPatterns(folder) {
  return Object.entries(libraryOwners)
    .filter(([owner]) => owner !== folder)
    .map(([owner, libraries]) => ({
      group: libraries,
      message: `Only src/${owner} may import this library.`,
    }));
}

/** Files of src itself, which belong to no folder: the ones that all may import, and the rest. */
const everyonesFiles = [
  'log.ts',
  'clock.ts',
  'deadline.ts',
  'paths.ts',
  'replace-file.ts',
  'when-aborted.ts',
];
const filesAbove = { commands: ['version.ts', 'connect.ts', 'collector.ts', 'exporter.ts'] };

const zones = Object.entries(floors).map(([folder, below]) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [folder, ...below, ...everyonesFiles, ...(filesAbove[folder] ?? [])].map(
    (name) => `./${name}`,
  ),
  message: `src/${folder} may import from ${below.join(', ') || 'nothing'} only.`,
}));

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', '.ci/audit.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({ extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } }),
      ],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['**/*.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'What is shown comes from AWS. Let the renderer escape it.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/main.ts', 'src/config/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only main and config know the process.' },
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'AbortSignal',
          property: 'any',
          message: 'On Node.js 20 it forgets signals that nobody else holds. Use src/deadline.ts.',
        },
      ],
    },
  },
  ...folderRules,
  {
    // The SDK prefers the second schema of dashboards; the first is the one that every Grafana imports.
    files: ['grafana/**/*.ts', 'test/**/grafana{.ts,/**}', 'test/e2e/dashboards.test.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly' } },
  },
  {
    // What they may use is checked with their own tsconfig.json.
    files: ['src/http/assets/*.js'],
    rules: { 'no-undef': 'off' },
  },
);
