// A fresh database for a test file, on the run's one server, dropped at the end.
import { randomBytes } from 'node:crypto'
import type { Db } from 'mongodb'
import { inject } from 'vitest'
import { connect, type Connection } from '../../control-plane/database/connect.ts'
import { createTenantCollections, type TenantCollections } from '../../control-plane/database/tenant-collections.ts'
import { Secret } from '../../control-plane/secret.ts'

export interface TestDatabase {
  /** For a process that is started with MONGODB_URI and MONGODB_DATABASE. */
  readonly uri: string
  readonly name: string
  readonly db: Db
  readonly connection: Connection
  readonly collections: TenantCollections
  /** Drops the database and closes the connection. */
  close(): Promise<void>
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const { uri, direct } = inject('database')
  const name = `test-${randomBytes(6).toString('hex')}`
  const connection = connect({ uri: new Secret(uri), databaseName: name, direct })
  await connection.ping()
  return {
    uri: direct ? `${uri}/?directConnection=true` : uri,
    name,
    db: connection.db,
    connection,
    collections: createTenantCollections(connection.db),
    close: async () => {
      await connection.db.dropDatabase()
      await connection.close()
    },
  }
}
