import { type Database, inTransaction } from '#db/client.ts';
import { NotFoundError } from '#lib/errors.ts';
import type { Choice } from './request-replay.ts';

const drop = `
update lakeflow.quarantined_records
set dropped_at = $3
where replayed_at is null and dropped_at is null and replay_requested_at is null
  and ($1::bigint[] is null or id = any($1)) and ($2::text is null or rule = $2)
returning id::integer as id`;

/**
 * Gives records in quarantine up: they are kept as they came, and never taken.
 * @returns their number. @throws NotFoundError where a chosen record is not open; then none is given up.
 */
export async function dropQuarantined(
  { pool }: Pick<Database, 'pool'>,
  { ids, rule }: Choice,
  now: Date,
): Promise<number> {
  return inTransaction(pool, async (connection) => {
    const { rows } = await connection.query<{ id: number }>(drop, [ids ?? null, rule ?? null, now]);
    const met = new Set(rows.map(({ id }) => id));
    const missing = (ids ?? []).filter((id) => !met.has(id));
    if (missing.length > 0) throw new NotFoundError(`No open record in quarantine: ${missing.join(', ')}.`);
    return rows.length;
  });
}
