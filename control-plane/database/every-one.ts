// Reads a list to its end, a page at a time.
import type { Page } from './tenant-collections.ts'

const PAGE = 500

/** In the order of ids. What is inserted meanwhile may be left out. */
export async function* everyOne<T extends { readonly _id: string }>(read: (page: Page) => Promise<readonly T[]>): AsyncGenerator<T> {
  for (let after: string | undefined; ; ) {
    const page = await read({ after, limit: PAGE })
    yield* page
    after = page.at(-1)?._id
    if (page.length < PAGE) return
  }
}
