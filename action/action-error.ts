// The Action's own errors: a stable code, a sentence that names the value, the reason and the way out.

export type ActionErrorCode =
  | 'INPUT_INVALID'
  | 'NO_CHECKOUT'
  | 'NO_IDENTITY'
  | 'CONTROL_PLANE_UNREACHABLE'
  | 'CONTROL_PLANE_REFUSED'
  | 'CONTROL_PLANE_ANSWER'
  | 'ANALYSIS_FAILED'
  | 'CODE_HOST_UNAVAILABLE'
  | 'PULL_REQUEST_REFUSED'

export class ActionError extends Error {
  readonly code: ActionErrorCode

  constructor(code: ActionErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ActionError'
    this.code = code
  }
}
