import { createServer } from 'node:http'
import { total } from './total.js'

createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ total: total([{ price: 4, quantity: 2 }]) }))
}).listen(Number(process.env.PORT ?? 3000))
