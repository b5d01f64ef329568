import { defineConfig } from 'vitest/config'

const inline = [/@actions\/expressions/]

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['test/{analysis,cli,action,contract,facts,worktree,github-gateway,oidc-issuer,broken-server,repo}/**/*.test.ts'],
          server: { deps: { inline } },
        },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['test/{control-plane,e2e}/**/*.test.ts'],
          globalSetup: ['test/database/start-database.ts'],
          server: { deps: { inline } },
        },
      },
    ],
  },
})
