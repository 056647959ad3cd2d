import type { Connection } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';

/**
 * Makes sure that bronze still has every event that ever came: from a part of it, silver and gold of the rest would
 * be taken for wrong.
 * @throws OperatorError that says how much is there.
 */
export async function requireWholeBronze(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ keys: number; events: number }>(`
    -- one row: the events that came, and those that are there
    select
      (select count(*) from lakeflow.event_keys)::double precision as keys,
      (select count(*) from lakeflow.all_events)::double precision as events`);
  const { keys, events } = rows[0] ?? { keys: 0, events: 0 };
  if (keys === events) return;
  throw new OperatorError(
    `Bronze has ${events} of the ${keys} events that came, so silver cannot be made anew from it. Nothing was changed. Gold can be, from silver: select its tables.`,
  );
}
