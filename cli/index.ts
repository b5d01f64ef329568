// The command line's entry: the real world in, the exit code out.
import process from 'node:process'
import { main } from './main.ts'
import { createRealWorld } from './real-world.ts'

void main(createRealWorld()).then((code) => {
  process.exitCode = code
})
