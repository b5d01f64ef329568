// Lint: the type-aware recommended rules, the house rules, and the direction in which folders may depend on each other
// (docs/architecture.md). The bundle test checks the same directions on what is really shipped.
import tseslint from 'typescript-eslint'

/** What each folder may not import, with the reason that a reader of the error needs. */
const FORBIDDEN = {
  analysis: { from: ['action', 'cli', 'facts', 'contract', 'control-plane', 'pull-request', 'test', 'scripts', 'worktree'], packages: ['zod', '@octokit/*', 'node:*', 'fastify', 'mongodb', 'agenda', '@actions/core', '@actions/github'], why: 'analysis is pure: no file system, network, clock, environment or wire shapes' },
  contract: { from: ['action', 'cli', 'facts', 'control-plane', 'pull-request', 'test', 'scripts'], packages: ['node:*', '@octokit/*', 'fastify', 'mongodb', 'agenda'], why: 'contract knows zod and the words of the engine' },
  facts: { from: ['action', 'cli', 'contract', 'control-plane', 'pull-request', 'test', 'scripts'], packages: ['fastify', 'mongodb', 'agenda'], why: "facts knows octokit and the engine's types" },
  'pull-request': { from: ['action', 'cli', 'contract', 'control-plane', 'test', 'scripts', 'worktree'], packages: ['zod', 'fastify', 'mongodb', 'agenda', '@actions/*'], why: "pull-request knows octokit, the engine and facts; the service and the Action explain its errors to their own people" },
  worktree: { from: ['action', 'cli', 'facts', 'contract', 'control-plane', 'pull-request', 'test', 'scripts'], packages: ['zod', '@octokit/*', 'fastify', 'mongodb', 'agenda', '@actions/*'], why: "worktree reads the file system into the engine's types and nothing else" },
  action: { from: ['cli', 'control-plane', 'test', 'scripts'], packages: ['fastify', 'mongodb', 'agenda'], why: 'the action never imports the service or the command line' },
  cli: { from: ['action', 'control-plane', 'contract', 'pull-request', 'test', 'scripts'], packages: ['fastify', 'mongodb', 'agenda'], why: 'the command line is thin over analysis and facts' },
  'control-plane': { from: ['action', 'cli', 'test', 'scripts', 'worktree'], packages: ['@actions/core', '@actions/github'], why: 'the service never imports what runs on a runner' },
}

const directions = Object.entries(FORBIDDEN).map(([folder, { from, packages, why }]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        { regex: `^(\\.\\./)+(${from.join('|')})/`, message: why },
        { group: packages, message: why },
      ],
    }],
  },
}))

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'coverage/', 'node_modules/', '.autodevops/', 'test/sample-repository/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
    },
  },
  ...directions,
  { files: ['scripts/**', 'bench/**', 'test/**', '*.config.ts'], rules: { 'no-console': 'off', 'no-restricted-exports': 'off' } },
)
