import type { Connection } from '#db/client.ts';
import { moveCheckpoint, type Position } from '../commit/checkpoint.ts';
import type { LostBatch } from '../commit/commit-batch.ts';
import { recordOperation, type TableChange } from '../commit/history.ts';
import type { Target } from '../commit/micro-batch.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { BatchContext, Dataset } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';
import { silverOrderItems } from '../tables/silver/silver-order-items.ts';

const LIMIT = 5000;

/** Late orders were added to the windowed tables that had left them out; `orders` counts one for each table. */
export type AdmittedBatch = Position & { outcome: 'admitted'; orders: number };

const find = `
select event_id, dataset, order_id, (ts at time zone 'UTC')::date::text as day
from lakeflow.late_events
where admit_requested_at is not null and admitted_at is null
order by dataset, event_id
limit ${LIMIT}
for update`;

type Request = { event_id: string; dataset: string; order_id: string; day: string };

/**
 * Adds the late orders that people asked for to the windowed tables, in one batch that has no files.
 * @returns undefined where nobody asked; a batch that is lost to another writer keeps nothing.
 */
export async function admitLateOrders(target: Target): Promise<AdmittedBatch | LostBatch | undefined> {
  const { connection, clock, position } = target;
  const context: BatchContext = { batchId: position.batchId + 1, takenAt: clock.now() };
  await connection.query('begin');
  try {
    const { rows } = await connection.query<Request>(find);
    const moved = rows.length > 0 && (await moveCheckpoint(connection, context, position.newestTs));
    if (moved) await restate(connection, context, rows);
    await connection.query(moved ? 'commit' : 'rollback');
    if (rows.length === 0) return undefined;
    if (!moved) return { outcome: 'checkpoint_moved', batchId: context.batchId };
    return {
      outcome: 'admitted',
      batchId: context.batchId,
      newestTs: position.newestTs,
      orders: rows.length,
    };
  } catch (error) {
    // Where the connection is gone, so is the transaction; what broke it is the error to tell.
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function restate(connection: Connection, context: BatchContext, requests: Request[]): Promise<void> {
  const changes: TableChange[] = [];
  for (const dataset of flow) {
    const mine = requests.filter((request) => request.dataset === dataset.name);
    if (mine.length > 0) changes.push(await restateTable(connection, context, dataset, mine));
  }
  const { batchId, takenAt } = context;
  await recordOperation(
    connection,
    { name: 'RESTATE', at: takenAt, parameters: { epochId: batchId } },
    changes,
  );
  const message = `Batch ${batchId}: late orders admitted to ${changes.map(({ table }) => table).join(' and ')}.`;
  const details = Object.fromEntries(changes.map(({ table, metrics }) => [table, metrics]));
  await recordEvent(connection, {
    at: takenAt,
    level: 'info',
    type: 'late_admitted',
    message,
    batchId,
    details,
  });
  await connection.query(`select pg_notify('pipeline_batch', $1::text)`, [batchId]);
}

const columns = silverOrderItems.columns.join(', ');

/** The table grows by the lines of these orders as it does by those that a batch adds. */
const bring = `
insert into pg_temp.${silverOrderItems.added} (${columns})
select ${columns} from lakeflow.silver_order_items where order_id = any($1) and order_day = any($2)`;

const mark = `
update lakeflow.late_events
set admitted_at = $2, admitted_batch_id = $1
where dataset = $3 and event_id = any($4)`;

async function restateTable(
  connection: Connection,
  context: BatchContext,
  dataset: Dataset,
  requests: Request[],
): Promise<TableChange> {
  const days = [...new Set(requests.map(({ day }) => day))];
  await connection.query(bring, [requests.map(({ order_id }) => order_id), days]);
  const numOutputRows = await dataset.refresh(connection, context);
  await connection.query(`delete from pg_temp.${silverOrderItems.added}`);
  const events = requests.map(({ event_id }) => event_id);
  await connection.query(mark, [context.batchId, context.takenAt, dataset.name, events]);
  return { table: dataset.name, metrics: { numOutputRows, numLateOrders: requests.length } };
}
