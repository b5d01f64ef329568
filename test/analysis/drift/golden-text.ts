// A golden workflow with everything that the comparison looks at.

const COMMIT = '9f698171ed81b15d1823a05fc7211befd50c8ae0'

export const GOLDEN = `name: Service
on:
  push:
    branches: [main]
    paths-ignore: [docs/**]
  pull_request:
    types: [opened, synchronize]
  schedule:
    - cron: '17 4 * * 1'
permissions:
  contents: read
concurrency:
  group: service-\${{ github.ref }}
env:
  NODE_ENV: test
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    strategy:
      matrix:
        node: [22, 24]
    container:
      image: node:24@sha256:${'ab'.repeat(32)}
    env:
      NODE_ENV: test
    steps:
      - name: Check out
        uses: actions/checkout@${COMMIT} # v7.0.0
        with:
          persist-credentials: false
      - id: setup
        uses: actions/setup-node@v7.1.0
        with:
          node-version: \${{ matrix.node }}
      - run: npm ci --ignore-scripts
      - name: Audit
        if: github.event_name != 'schedule'
        run: npm audit --audit-level=high
        timeout-minutes: 5
      - name: Test
        shell: bash
        run: |
          set -eu
          npm run lint
          npm test -- --coverage
  scan:
    needs: test
    uses: acme/pipelines/.github/workflows/scan.yml@v3
    secrets:
      TOKEN: \${{ secrets.SCAN_TOKEN }}
  deploy:
    needs: [test, scan]
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: production
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@${COMMIT} # v7.0.0
        with:
          persist-credentials: false
      - run: ./deploy.sh
`
