// The least that a Fastify route can do for a submission: reads the JSON and answers with as many bytes as the service does.
// A program of its own; prints where it listens.
import { fastify } from 'fastify'

const answer = { filler: 'x'.repeat(Math.max(0, Number(process.argv[2] ?? '0') - '{"filler":""}'.length)) }
const app = fastify({ bodyLimit: 10 * 1024 * 1024 })
app.post('/v1/analyses', (_request, reply) => reply.status(202).send(answer))
console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
