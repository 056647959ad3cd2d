import { sql } from 'drizzle-orm/sql';
import type { Connection, Database, Pool } from '#db/client.ts';
import { text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Person } from '#lib/contract/person.ts';

/** How long a person counts as looking at an order after their browser has last said so. */
const PRESENCE_SECONDS = 30;

/**
 * Records that a person has an order open.
 * @returns the addresses of the others who have it open, and the version of what there is to see now.
 */
export async function watchOrder(
  { pool }: Pick<Database, 'pool'>,
  { email }: Pick<Person, 'email'>,
  { orderId }: { orderId: string },
): Promise<{ others: string[]; version: string | undefined }> {
  const others = await recordPresence(pool, { orderId, email });
  return { others: others.map(({ person }) => person), version: await getVersion(pool, orderId) };
}

const recordPresence = statement({
  params: { orderId: text, email: text },
  returns: { person: text },
  sql: ({ orderId, email }) => sql`
    -- one row per other person
    with expired as (
      delete from refunds.presence where (order_id, person) in (
        select order_id, person from refunds.presence
        where seen_ts < clock_timestamp() - make_interval(secs => ${PRESENCE_SECONDS})
          and (order_id, person) <> (${orderId}, ${email})
        for update skip locked
      )
    ), recorded as (
      insert into refunds.presence (order_id, person, seen_ts) values (${orderId}, ${email}, clock_timestamp())
      on conflict (order_id, person) do update set seen_ts = excluded.seen_ts
    )
    select person from refunds.presence
    where order_id = ${orderId} and person <> ${email}
      and seen_ts >= clock_timestamp() - make_interval(secs => ${PRESENCE_SECONDS})
    order by person`,
});

const selectVersion = statement({
  params: { orderId: text },
  returns: { version: text },
  sql: ({ orderId }) => sql`
    -- at most one row
    select recommendation_id || ' ' || extract(epoch from changed_ts) as version
    from refunds.cases
    where order_id = ${orderId}`,
});

/**
 * The version of what is shown of an order: it changes whenever the case changes or a new recommendation arrives.
 * Undefined where the order is not in the queue.
 */
export async function getVersion(
  connection: Pool | Connection,
  orderId: string,
): Promise<string | undefined> {
  const [row] = await selectVersion(connection, { orderId });
  return row?.version;
}
