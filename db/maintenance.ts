import type pg from 'pg';
import { openClient } from './open-client.ts';

/** The URL of another database on the same server. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Runs `work` on one connection to the server's maintenance database. */
export async function onServer<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = await openClient({ connectionString: withDatabase(url, 'postgres') });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
