// The command line's entry: the real world in, the exit code out.
import process from 'node:process'
import { main } from './main.ts'
import { createRealWorld } from './real-world.ts'

// All output is written by now. Taking down a heap that nobody needs again would cost some milliseconds.
void main(createRealWorld()).then((code) => process.exit(code))
