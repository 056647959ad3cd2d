import type { Database } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';

/**
 * Asks for another recommendation for an order, which then stands beside the earlier ones. The console asks through
 * the same function of the database. @param note what the person knows, at most 2,000 characters.
 * @returns the number of the run, from 1. @throws OperatorError where the order has no recommendation yet.
 */
export async function requestRerun(
  db: Database,
  asked: { orderId: string; note: string; requestedBy: string },
): Promise<number> {
  const found = await db.pool.query(
    'select from recommender.refund_recommendations where order_id = $1 limit 1',
    [asked.orderId],
  );
  if (found.rowCount === 0) throw new OperatorError(`Order ${asked.orderId} has no recommendation yet.`);
  const { rows } = await db.pool.query<{ run: number }>(
    'select recommender.request_rerun($1, $2, $3) as run',
    [asked.orderId, asked.note, asked.requestedBy],
  );
  const [row] = rows;
  if (!row) throw new Error('a function returned no row');
  return row.run;
}
