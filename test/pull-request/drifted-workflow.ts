// A drifted workflow with what it is after its repair.

export const CI_PATH = '.github/workflows/ci.yml'

/** Two findings with a safe fix and no wish for facts. */
export const DRIFTED = `name: CI
on: [push]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-20.04
    timeout-minutes: 10
    steps:
      - run: echo "::set-output name=version::1"
`

/** Nothing to fix. */
export const REPAIRED = DRIFTED.replace('ubuntu-20.04', 'ubuntu-24.04').replace('"::set-output name=version::1"', '"version=1" >> "$GITHUB_OUTPUT"')
