// Compares answers of the service with its OpenAPI document: status, media type, and the code of a problem.

interface MediaType {
  readonly schema?: { readonly allOf?: readonly [{ readonly $ref: string }, { readonly properties: { readonly code: { readonly enum: readonly string[] } } }]; readonly [key: string]: unknown }
}

export interface DocumentedResponse {
  readonly description: string
  /** By media type; without one the answer has no body. */
  readonly content?: Readonly<Record<string, MediaType>>
}

export interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> }
  readonly responses: Readonly<Record<string, DocumentedResponse>>
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly securitySchemes: Readonly<Record<string, unknown>>; readonly schemas: Readonly<Record<string, unknown>> }
}

interface GivenAnswer {
  readonly status: number
  readonly contentType: string | null
  /** Of a problem document. */
  readonly code: string | null
}

export const PROBLEM = 'application/problem+json'

/** The codes that a response of the document lists. */
export const codesOf = ({ content = {} }: DocumentedResponse): readonly string[] => content[PROBLEM]?.schema?.allOf?.[1].properties.code.enum ?? []

/** Throws for an answer that the document does not have. Addresses and methods that it does not have are none of its business. */
export function expectDeclared(document: OpenApiDocument, { method, url }: { readonly method: string; readonly url: string }, { status, contentType, code }: GivenAnswer): void {
  const path = pathBehind(document, new URL(url, 'http://service.test').pathname)
  const operation = path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()]
  if (path === undefined || operation === undefined) return
  const fail = (what: string): never => { throw new Error(`${method} ${path} answered ${what}, which the document does not declare`) }
  const response = operation.responses[String(status)] ?? fail(String(status))
  // A 304 names what it stands for.
  const mediaType = status === 304 ? null : (contentType?.split(';')[0] ?? null)
  if (mediaType !== null && !(mediaType in (response.content ?? {}))) fail(`${status} as ${mediaType}`)
  if (code !== null && !codesOf(response).includes(code)) fail(`${status} ${code}`)
}

/** As `expectDeclared`, for an answer whose body somebody else still reads. Only a problem's body is looked at. */
export async function expectDeclaredResponse(document: OpenApiDocument, method: string, response: Response): Promise<void> {
  const contentType = response.headers.get('content-type')
  const code = contentType?.startsWith(PROBLEM) === true ? ((await response.clone().json()) as { code: string }).code : null
  expectDeclared(document, { method, url: response.url }, { status: response.status, contentType, code })
}

function pathBehind({ paths }: OpenApiDocument, pathname: string): string | undefined {
  const parts = pathname.split('/')
  const fitting = Object.keys(paths).filter((path) => {
    const pattern = path.split('/')
    return pattern.length === parts.length && pattern.every((part, index) => part === parts[index] || (part.startsWith('{') && parts[index] !== ''))
  })
  return fitting.find((path) => !path.includes('{')) ?? fitting[0]
}
