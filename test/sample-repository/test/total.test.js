import assert from 'node:assert/strict'
import { test } from 'node:test'
import { total } from '../src/total.js'

test('adds up the lines of an order', () => {
  assert.equal(total([{ price: 4, quantity: 2 }, { price: 1, quantity: 3 }]), 11)
})
