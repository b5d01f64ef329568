// The OpenAPI document of a service in which everything is set up: whether each operation says all that a caller can meet. That the
// service answers nothing else is looked at wherever tests call it (declared-answers.ts).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../../../control-plane/errors.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'
import { startService, type RunningService } from '../../service/start-service.ts'
import { codesOf, expectDeclared, PROBLEM, type OpenApiDocument, type Operation } from './declared-answers.ts'

/** They have no body. */
const EMPTY = ['204', '302', '303', '304']
/** Of programs, workers and what a deployment lacks: no route answers them. */
const ELSEWHERE = [
  /^MODEL_(?!EXISTS|ALIAS_UNKNOWN|UNKNOWN)/, /^RESERVATION_/, /^LEASE_LOST$/, /^QUOTA_EXCEEDED$/, /^SCAN_BUDGET_SPENT$/, /^AMOUNT_INVALID$/, /^PRICE_UNKNOWN$/, /^ATTEMPTS_EXHAUSTED$/, /^ANALYSIS_(CANCELLED|STATE)$/, /^DEAD_LETTER_/,
  /^WORKFLOWS_PERMISSION_MISSING$/, /^PULL_REQUEST_/, /^BRANCH_/, /^DEFAULT_BRANCH_MISSING$/, /^METHOD_NOT_ALLOWED$/,
  /^CONFIG_INVALID$/, /^DATABASE_(NOT_INSTALLED|START_FAILED)$/, /^DATA_FOLDER_IN_USE$/, /^TENANT_(EXISTS|NOT_FOUND)$/, /^USAGE$/, /^NOT_READY$/,
]

let database: TestDatabase
let service: RunningService
let document: OpenApiDocument
let operations: readonly (Operation & { readonly key: string })[]

beforeAll(async () => {
  database = await openTestDatabase()
  service = await startService({
    role: 'api', mongodbUri: database.uri, database: database.name, github: { apiUrl: 'http://127.0.0.1:1', webUrl: 'http://127.0.0.1:1' }, issuers: ['http://127.0.0.1:1'],
    env: { WEBHOOK_SECRETS: 'a-webhook-secret-for-tests-of-more-than-43-characters' },
  })
  document = (await (await fetch(`${service.url}/docs/json`)).json()) as OpenApiDocument
  operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, ...operation })))
})
afterAll(async () => {
  await service.kill('SIGTERM')
  await database.close()
})

/** The keys of the operations that something is missing from. */
const without = (holds: (operation: Operation) => boolean, among: (operation: Operation) => boolean = () => true): readonly string[] => {
  const concerned = operations.filter(among)
  expect(concerned.length).toBeGreaterThan(0)
  return concerned.filter((operation) => !holds(operation)).map(({ key }) => key)
}
const answers = (...statuses: readonly number[]) => ({ responses }: Operation): boolean => statuses.every((status) => status in responses)
const isGuarded = ({ security }: Operation): boolean => security.length > 0

describe('every operation', () => {
  test('has a summary, a description of who may call it, and tags', () => {
    expect(operations.length).toBeGreaterThan(40)
    expect(without(({ summary = '', description = '', tags = [] }) => summary !== '' && description !== '' && tags.length > 0)).toEqual([])
  })

  test('says what it answers when it succeeds', () => {
    expect(without(({ responses }) => {
      const successes = Object.entries(responses).filter(([status]) => status < '400')
      return successes.length > 0 && successes.every(([status, { content }]) => (EMPTY.includes(status) ? content === undefined : hasSchemas(content)))
    })).toEqual([])
  })

  test('lists the codes of each error status, which are of the catalogue and have that status', () => {
    expect(without(({ responses }) => Object.entries(responses).filter(([status]) => status >= '400').every(([status, response]) => {
      const codes = codesOf(response)
      const isProblem = response.content?.[PROBLEM]?.schema?.allOf?.[0].$ref === '#/components/schemas/Problem' && Object.keys(response.content).length === 1
      return isProblem && codes.length > 0 && codes.every((code) => code in ERRORS && ERRORS[code as keyof typeof ERRORS].status === Number(status) && response.description.includes(code))
    }))).toEqual([])
    expect(document.components.schemas.Problem).toMatchObject({ type: 'object', required: ['type', 'title', 'status', 'code', 'requestId'] })
  })

  test('can be refused for its rate, and fail', () => {
    expect(without(answers(429, 500, 503))).toEqual([])
  })

  test('that needs credentials names known schemes and says that they may be missing or not enough', () => {
    expect(without(({ security }) => security.flatMap((each) => Object.keys(each)).every((scheme) => scheme in document.components.securitySchemes), isGuarded)).toEqual([])
    expect(without(answers(401, 403), isGuarded)).toEqual([])
    expect(operations.filter((operation) => !isGuarded(operation)).map(({ key }) => key).sort()).toEqual(['GET /v1/auth/github', 'GET /v1/auth/github/callback', 'GET /v1/calendar.ics', 'POST /v1/webhooks/github'])
  })

  test('that takes a body says that it may be wrong, too large or no JSON', () => {
    expect(without(answers(400, 413, 415), ({ requestBody }) => requestBody !== undefined)).toEqual([])
    expect(without(({ requestBody }) => hasSchemas(requestBody?.content), ({ requestBody }) => requestBody !== undefined)).toEqual([])
  })

  test('with parameters says that they may be wrong, with one in its path that nothing may be there', () => {
    expect(without(answers(400), ({ parameters = [] }) => parameters.length > 0)).toEqual([])
    expect(without(answers(404), ({ parameters = [] }) => parameters.some((each) => each.in === 'path'))).toEqual([])
  })
})

test('every code of the catalogue is answered by a route, or is none of the API', () => {
  const documented = new Set(operations.flatMap(({ responses }) => Object.values(responses).flatMap(codesOf)))
  expect(Object.keys(ERRORS).filter((code) => documented.has(code) === ELSEWHERE.some((pattern) => pattern.test(code)))).toEqual([])
})

test('an answer that is not declared is noticed by its status, its media type and its code', () => {
  const request = { method: 'GET', url: '/v1/analyses/1?wait=0' }
  const answer = { status: 404, contentType: `${PROBLEM}; charset=utf-8`, code: 'ANALYSIS_NOT_FOUND' }
  expect(() => { expectDeclared(document, request, answer) }).not.toThrow()
  expect(() => { expectDeclared(document, request, { ...answer, status: 418 }) }).toThrow('GET /v1/analyses/{id} answered 418, which the document does not declare')
  expect(() => { expectDeclared(document, request, { ...answer, contentType: 'text/plain' }) }).toThrow('404 as text/plain')
  expect(() => { expectDeclared(document, request, { ...answer, code: 'FINDING_NOT_FOUND' }) }).toThrow('404 FINDING_NOT_FOUND')
})

/** A schema that lets everything through says nothing. */
function hasSchemas(content: Operation['responses'][string]['content']): boolean {
  const schemas = Object.values(content ?? {}).map(({ schema = {} }) => schema)
  return schemas.length > 0 && schemas.every((schema) => Object.keys(schema).some((key) => key !== 'description'))
}
