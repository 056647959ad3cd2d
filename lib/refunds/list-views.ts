import type { Database } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';

/** Filters of the queue under a name; `search` is a query string of the queue's page. */
export type SavedView = { id: string; name: string; search: string };

/** The views that a person has saved, by name; nobody sees those of others. */
export async function listViews(
  { pool }: Pick<Database, 'pool'>,
  { email }: Pick<Person, 'email'>,
): Promise<SavedView[]> {
  const { rows } = await pool.query<SavedView>(
    'select id::text, name, search from refunds.saved_views where person = $1 order by lower(name), name',
    [email],
  );
  return rows;
}
