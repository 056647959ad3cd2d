import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { onServer, withDatabase } from '../maintenance.ts';

/**
 * An empty database and a login that may only connect and create schemas in it, as a managed service gives, beside the
 * temporary tables that Postgres allows everyone.
 */
export type LeastRights = { url: string; user: string; ownerUrl: string; drop(): Promise<void> };

/** Makes them on the test server. */
export async function createLeastRights(): Promise<LeastRights> {
  const { url, prefix } = inject('testServer');
  const name = `${prefix}${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const user = name.replace('test', 'login');
  await onServer(url, async (client) => {
    await client.query(`create role ${user} login password 'secret' nosuperuser nocreatedb nocreaterole`);
    await client.query(`create database ${name}`);
    await client.query(`revoke connect on database ${name} from public`);
    await client.query(`grant connect, create on database ${name} to ${user}`);
  });
  const own = new URL(withDatabase(url, name));
  own.username = user;
  own.password = 'secret';
  const drop = () =>
    onServer(url, async (client) => {
      await client.query(`drop database ${name} with (force)`);
      await client.query(`drop role ${user}`);
    });
  return { url: own.href, user, ownerUrl: withDatabase(url, name), drop };
}
