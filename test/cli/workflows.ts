// Small workflows that tests of the command line analyse.

/** Nothing to report at profile regular. */
export const CLEAN = `name: CI
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make
`

/** The removed image is high, and its fix is safe. */
export const RETIRED = CLEAN.replace('ubuntu-24.04', 'ubuntu-20.04')
