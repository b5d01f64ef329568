// Loaded before the command line by its process test: makes every read fail in a way that is nobody's but ours.
require('node:fs').readSync = () => { throw new Error('broken by a test') }
