import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { connect, type Database } from './client.ts';
import { onServer, withDatabase } from './maintenance.ts';

export type TestDatabase = Database & { url: string };

/** What `testing-server.ts` provides to the test files: `prefix` names the databases of this run. */
export type TestServer = { url: string; template: string; prefix: string };

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/**
 * Clones the migrated template into an empty database of its own; `close` drops it. For `*.db.test.ts`:
 * `beforeAll(async () => { database = await createTestDatabase(); }); afterAll(() => database.close());`
 */
export async function createTestDatabase(server: TestServer = inject('testServer')): Promise<TestDatabase> {
  const name = `${server.prefix}${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  await onServer(server.url, (client) => client.query(`create database ${name} template ${server.template}`));
  const url = withDatabase(server.url, name);
  const database = connect({ url, applicationName: 'caspers test' });
  return {
    ...database,
    url,
    close: async () => {
      await database.close();
      await onServer(server.url, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}
