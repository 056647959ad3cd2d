import type { Database } from '#db/client.ts';
import { isoTimes } from '#db/iso-times.ts';
import { prepared } from '#db/prepared.ts';
import type { QueueQuery } from '#lib/contract/queue.ts';
import { writeCursor } from './cursor.ts';
import { type QueueRow, readQueueRow } from './queue-row.ts';
import { queueStatement } from './queue-statement.ts';
import { releaseDue } from './release-due.ts';
import type { QueuePage } from './types.ts';

type PageRow = (QueueRow & { sort_key: string }) | { order_id: null };

/**
 * One page of the review queue and the exact count of all that its filters admit. Without `includeZero` it leaves out
 * what needs no refund but keeps what has no answer, so that no failure hides.
 * @throws ValidationError where the cursor is not one of this sort.
 */
export async function listRecommendations(
  { pool }: Pick<Database, 'pool'>,
  query: QueueQuery,
): Promise<QueuePage> {
  if (dependsOnTime(query)) await releaseDue(pool);
  const { rows } = await pool.query<PageRow & { total: number }>(plan(query));
  const found = rows.filter((row) => row.order_id !== null);
  const shown = found.slice(0, query.limit);
  const last = found.length > query.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(readQueueRow),
    total: rows[0]?.total ?? 0,
    nextCursor: last ? writeCursor(query.sort, { key: last.sort_key, orderId: last.order_id }) : null,
  };
}

/** The beginning of an id needs a plan for its very value; of the other statements there are few. */
function plan(query: QueueQuery) {
  const { text, values } = queueStatement(query);
  return { ...(query.search === undefined ? prepared(text, values) : { text, values }), types: isoTimes };
}

/** What is open stays open when a claim ends; only who holds it changes. */
function dependsOnTime({ status, assignee }: QueueQuery): boolean {
  return status === 'queued' || status === 'claimed' || status === 'snoozed' || assignee !== undefined;
}
