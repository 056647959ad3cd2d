import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, integer, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Person } from '#lib/contract/person.ts';
import type { SaveViewInput } from '#lib/contract/queue.ts';
import { NotFoundError, ValidationError } from '#lib/errors.ts';

/** A person keeps at most so many views. */
export const MAX_VIEWS = 50;

/** `search` is a query string of the queue's page. */
const viewColumns = { id: bigint, name: text, search: text };
/** Filters of the queue under a name. */
export type SavedView = RowOf<typeof viewColumns>;

const selectViews = statement({
  params: { email: text },
  returns: viewColumns,
  sql: ({ email }) => sql`
    select id, name, search from refunds.saved_views where person = ${email} order by lower(name), name`,
});

/** The views that a person has saved, by name. Other people's are not visible. */
export async function listViews(
  { pool }: Pick<Database, 'pool'>,
  { email }: Pick<Person, 'email'>,
): Promise<SavedView[]> {
  return selectViews(pool, { email });
}

const upsertView = statement({
  params: { email: text, name: text, search: text, max: integer },
  returns: { id: bigint },
  sql: ({ email, name, search, max }) => sql`
    -- one row, or none where the person has as many views as are kept
    with others as (
      select count(*) as n from refunds.saved_views where person = ${email} and name <> ${name}
    )
    insert into refunds.saved_views (person, name, search)
    select ${email}, ${name}, ${search} from others where n < ${max}
    on conflict (person, name) do update set search = excluded.search
    returning id`,
});

/** Saves a view under its name, replacing the one that had it. @throws ValidationError where there are 50 others. */
export async function saveView(
  { pool }: Pick<Database, 'pool'>,
  { email }: Pick<Person, 'email'>,
  { name, search }: SaveViewInput,
): Promise<void> {
  const saved = await upsertView(pool, { email, name, search, max: MAX_VIEWS });
  if (saved.length === 0)
    throw new ValidationError('name', `Keep ${MAX_VIEWS} views at most: delete one first.`);
}

const removeView = statement({
  params: { viewId: bigint, email: text },
  returns: { id: bigint },
  sql: ({ viewId, email }) => sql`
    delete from refunds.saved_views where id = ${viewId} and person = ${email} returning id`,
});

/** Deletes one of the person's own views. @throws NotFoundError where they have no such view. */
export async function deleteView(
  { pool }: Pick<Database, 'pool'>,
  { email }: Pick<Person, 'email'>,
  { viewId }: { viewId: string },
): Promise<void> {
  const removed = await removeView(pool, { viewId, email });
  if (removed.length === 0) throw new NotFoundError('There is no such view any longer.');
}
