import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { date, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { moveCheckpoint, type Position } from '../commit/checkpoint.ts';
import type { LostBatch } from '../commit/commit-batch.ts';
import { recordOperation, type TableChange } from '../commit/history.ts';
import type { Target } from '../commit/micro-batch.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { BatchContext, Dataset } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';
import { silverOrderItems } from '../tables/silver/silver-order-items.ts';

const MAX_REQUESTS = 5000;

/** Late orders were added to the windowed tables that had left them out; `orders` counts one for each table. */
export type AdmittedBatch = Position & { outcome: 'admitted'; orders: number };

const admission = { eventId: text, dataset: text, orderId: text, day: date };
type Admission = RowOf<typeof admission>;

const lockRequested = statement({
  returns: admission,
  sql: () => sql`
    select event_id, dataset, order_id, (ts at time zone 'UTC')::date as day
    from lakeflow.late_events
    where admit_requested_at is not null and admitted_at is null
    order by dataset, event_id
    limit ${sql.raw(`${MAX_REQUESTS}`)}
    for update`,
});

/**
 * Adds the late orders whose admission was requested to the windowed tables, in one batch without files.
 * @returns undefined if there was no request; nothing is kept of a batch that is lost to another writer.
 */
export async function admitLateOrders(target: Target): Promise<AdmittedBatch | LostBatch | undefined> {
  const { connection, clock, position } = target;
  const context: BatchContext = { batchId: position.batchId + 1, ingestedAt: clock.now() };
  const { batchId } = context;
  await connection.query('begin');
  try {
    const admissions = await lockRequested(connection, {});
    const isMoved = admissions.length > 0 && (await moveCheckpoint(connection, context, position.maxEventTs));
    if (isMoved) await restate(connection, context, admissions);
    await connection.query(isMoved ? 'commit' : 'rollback');
    if (admissions.length === 0) return undefined;
    if (!isMoved) return { outcome: 'checkpoint_moved', batchId };
    return { outcome: 'admitted', batchId, maxEventTs: position.maxEventTs, orders: admissions.length };
  } catch (error) {
    // If the connection is gone, so is the transaction; the error to report is the one that broke it.
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function restate(
  connection: Connection,
  context: BatchContext,
  admissions: Admission[],
): Promise<void> {
  const { batchId, ingestedAt: at } = context;
  const changes: TableChange[] = [];
  for (const dataset of flow) {
    const ofTable = admissions.filter((admission) => admission.dataset === dataset.name);
    if (ofTable.length > 0) changes.push(await restateTable(connection, context, dataset, ofTable));
  }
  await recordOperation(connection, { name: 'RESTATE', at, parameters: { epochId: batchId } }, changes);
  await recordEvent(connection, {
    ...{ at, level: 'info', type: 'late_admitted', batchId },
    message: `Batch ${batchId}: late orders admitted to ${changes.map(({ table }) => table).join(' and ')}.`,
    details: Object.fromEntries(changes.map(({ table, metrics }) => [table, metrics])),
  });
  await connection.query(`select pg_notify('pipeline_batch', $1::text)`, [batchId]);
}

const columns = silverOrderItems.columns.join(', ');

/** Stages the order lines of late orders, by which the table then grows as by those that a batch adds. */
const stageItems = `
insert into pg_temp.${silverOrderItems.added} (${columns})
select ${columns} from lakeflow.silver_order_items where order_id = any($1) and order_day = any($2)`;

const markAdmitted = `
update lakeflow.late_events
set admitted_at = $2, admitted_batch_id = $1
where dataset = $3 and event_id = any($4)`;

async function restateTable(
  connection: Connection,
  context: BatchContext,
  dataset: Dataset,
  admissions: Admission[],
): Promise<TableChange> {
  const { batchId, ingestedAt } = context;
  const days = [...new Set(admissions.map(({ day }) => day))];
  await connection.query(stageItems, [admissions.map(({ orderId }) => orderId), days]);
  const numOutputRows = await dataset.refresh(connection, context);
  await connection.query(`delete from pg_temp.${silverOrderItems.added}`);
  const eventIds = admissions.map(({ eventId }) => eventId);
  await connection.query(markAdmitted, [batchId, ingestedAt, dataset.name, eventIds]);
  return { table: dataset.name, metrics: { numOutputRows, numLateOrders: admissions.length } };
}
