// Puts fleet/ together for main.ts and for tests.
import type { AppRoutes } from '../app-route.ts'
import { createFleetRoutes } from './fleet-routes.ts'
import { createFleetService } from './fleet-service.ts'

export function assembleFleet(parts: Parameters<typeof createFleetService>[0]): { readonly routes: readonly AppRoutes[] } {
  return { routes: [createFleetRoutes({ service: createFleetService(parts) })] }
}
