import type { Connection } from '#db/client.ts';

/** Recommendations as the source holds them: `rows` is a JSON array, `last` the highest id in it. */
export type SourceBatch = { rows: string; count: number; last: string };

type Row = { id: string; row: string };

/**
 * The recommendations past an id, at most `limit`, in the order of their ids. Ids are committed in their order, so
 * none appears later behind the last one read.
 */
export async function readSource(
  source: Pick<Connection, 'query'>,
  position: string,
  limit: number,
): Promise<SourceBatch | undefined> {
  const { rows } = await source.query<Row>(
    `
    -- one row per recommendation past the position
    select id, to_json(recommendation)::text as row
    from recommender.refund_recommendations as recommendation
    where id > $1
    order by id
    limit $2`,
    [position, limit],
  );
  const last = rows.at(-1);
  return last && { rows: toArray(rows), count: rows.length, last: last.id };
}

/** Rows of JSON text as one array, without reading them. */
export function toArray(rows: Pick<Row, 'row'>[]): string {
  return `[${rows.map(({ row }) => row).join(',')}]`;
}

/** What the source holds past an id: how many, and the time of the oldest. */
export async function countWaiting(
  source: Pick<Connection, 'query'>,
  position: string,
): Promise<{ behind: number; oldestTs: Date | null }> {
  const { rows } = await source.query<{ behind: number; oldest: Date | null }>(
    `
    -- one row: what lies past the position
    select count(*)::integer as behind, min(ts) as oldest
    from recommender.refund_recommendations
    where id > $1`,
    [position],
  );
  return { behind: rows[0]?.behind ?? 0, oldestTs: rows[0]?.oldest ?? null };
}
