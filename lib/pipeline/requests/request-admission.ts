import { type Database, inTransaction } from '#db/client.ts';
import { NotFoundError } from '#lib/errors.ts';

/** Which of the late events that a table leaves out: these, those of a table, or all. */
export type LateChoice = { eventIds?: readonly string[] | undefined; dataset?: string | undefined };

const ask = `
update lakeflow.late_events
set admit_requested_at = $3
where dataset <> 'all_events' and admitted_at is null
  and ($1::text[] is null or event_id = any($1)) and ($2::text is null or dataset = $2)
returning event_id`;

/**
 * Asks the pipeline to add late orders to the windowed tables that left them out.
 * @returns how many, one for each event and table. @throws NotFoundError where a chosen event is left out nowhere; then none is asked for.
 */
export async function requestAdmission(
  { pool }: Pick<Database, 'pool'>,
  { eventIds, dataset }: LateChoice,
  now: Date,
): Promise<number> {
  return inTransaction(pool, async (connection) => {
    const { rows } = await connection.query<{ event_id: string }>(ask, [
      eventIds ?? null,
      dataset ?? null,
      now,
    ]);
    const met = new Set(rows.map(({ event_id }) => event_id));
    const missing = (eventIds ?? []).filter((id) => !met.has(id));
    if (missing.length > 0)
      throw new NotFoundError(`Left out of no table${dataset ? ` ${dataset}` : ''}: ${missing.join(', ')}.`);
    return rows.length;
  });
}

/** How many admissions that were asked for have not been made yet. */
export async function countAsked({ pool }: Pick<Database, 'pool'>): Promise<number> {
  const { rows } = await pool.query<{ asked: number }>(`
    select count(*)::integer as asked from lakeflow.late_events
    where admit_requested_at is not null and admitted_at is null`);
  return rows[0]?.asked ?? 0;
}
