import type { Database } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';

const SECONDS = 30;

/** Notes that a person looks at an order now. @returns who else has, in the last 30 seconds, by address. */
export async function notePresence(
  { pool }: Pick<Database, 'pool'>,
  person: Pick<Person, 'email'>,
  { orderId }: { orderId: string },
): Promise<string[]> {
  const { rows } = await pool.query<{ person: string }>(
    `
    -- one row per other person
    with forgotten as (
      delete from refunds.presence where (order_id, person) in (
        select order_id, person from refunds.presence
        where seen_ts < clock_timestamp() - make_interval(secs => $3) and (order_id, person) <> ($1, $2)
        for update skip locked
      )
    ), noted as (
      insert into refunds.presence (order_id, person, seen_ts) values ($1, $2, clock_timestamp())
      on conflict (order_id, person) do update set seen_ts = excluded.seen_ts
    )
    select person from refunds.presence
    where order_id = $1 and person <> $2 and seen_ts >= clock_timestamp() - make_interval(secs => $3)
    order by person`,
    [orderId, person.email, SECONDS],
  );
  return rows.map((row) => row.person);
}
