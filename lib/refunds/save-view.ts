import type { Database } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';
import type { SaveViewInput } from '#lib/contract/queue.ts';
import { ValidationError } from '#lib/errors.ts';

/** So many views does a person keep at most. */
export const MOST_VIEWS = 50;

/** Keeps a view under its name, in the place of the one that had it. @throws ValidationError where there are 50 others. */
export async function saveView(
  { pool }: Pick<Database, 'pool'>,
  { email }: Pick<Person, 'email'>,
  { name, search }: SaveViewInput,
): Promise<void> {
  const { rowCount } = await pool.query(
    `
    -- one row, where there is room for it
    with others as (
      select count(*) as n from refunds.saved_views where person = $1 and name <> $2
    )
    insert into refunds.saved_views (person, name, search)
    select $1, $2, $3 from others where n < $4
    on conflict (person, name) do update set search = excluded.search`,
    [email, name, search, MOST_VIEWS],
  );
  if (!rowCount) throw new ValidationError('name', `Keep ${MOST_VIEWS} views at most: delete one first.`);
}
