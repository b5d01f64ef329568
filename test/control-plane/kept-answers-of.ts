// What the HTTP service keeps answers in, over a test's own database.
import type { AppServices } from '../../control-plane/app.ts'
import { systemClock } from '../../control-plane/clock.ts'
import type { TenantCollections } from '../../control-plane/database/tenant-collections.ts'
import { createKeptAnswersStore } from '../../control-plane/http/kept-answers-store.ts'

export const keptAnswersOf = ({ collections }: { collections: TenantCollections }): AppServices['keptAnswers'] => ({ answers: createKeptAnswersStore(collections), clock: systemClock })
