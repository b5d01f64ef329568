// Reads a list to its end, a page at a time.
import type { Page } from './tenant-collections.ts'

const PAGE = 500

type Read<T> = (page: Page) => Promise<readonly T[]>

/** In the order of ids. What is inserted meanwhile may be left out. */
export async function* everyOne<T extends { readonly _id: string }>(read: Read<T>): AsyncGenerator<T> {
  for await (const page of everyPage(read, ({ _id }) => _id)) yield* page
}

/** The same in parts, for who does something with many at once; the last one may be empty. */
export async function* everyPage<T>(read: Read<T>, idOf: (one: T) => string): AsyncGenerator<readonly T[]> {
  for (let last: T | undefined; ; ) {
    const page = await read({ after: last && idOf(last), limit: PAGE })
    yield page
    last = page.at(-1)
    if (page.length < PAGE) return
  }
}
