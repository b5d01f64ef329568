import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['test/{analysis,cli,action,contract,facts,pull-request,worktree,github-gateway,oidc-issuer,broken-server,model-server,repo,scripts}/**/*.test.ts'],
          // It imports without file endings, which plain Node refuses.
          server: { deps: { inline: [/@actions\/expressions/] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['test/{control-plane,e2e}/**/*.test.ts'],
          globalSetup: ['test/database/start-database.ts'],
        },
      },
    ],
  },
})
