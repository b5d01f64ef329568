/**
 * As AbortSignal.timeout, and held until it fires: Node 20 collects a timeout that only AbortSignal.any knows of as garbage, and then
 * nothing ends the request.
 */
export function timeLimit(ms: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => { controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError')) }, ms).unref()
  return controller.signal
}
