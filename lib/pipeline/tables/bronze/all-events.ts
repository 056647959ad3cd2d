import type { Dataset } from '../dataset/dataset.ts';
import { ALL_RULES } from './rules.ts';

/** How many records of a batch were events, how many of those were new, had unknown fields, or had a field that is null. */
export const batchCountsTable = `
create temporary table if not exists batch_counts (
  events bigint, added bigint, drifted bigint, nulls bigint
) on commit delete rows`;

/** Its rows are copied as they were parsed, before any other table of the flow is refreshed. */
export const allEvents: Dataset = {
  name: 'all_events',
  layer: 'bronze',
  grain: 'one row per event, by event_id; of equal ones the first that came',
  key: ['event_id'],
  columns: [
    ...['event_id', 'event_type', 'ts', 'gk_id', 'location', 'location_id', 'order_id', 'sequence', 'body'],
    ...['rescued_data', 'source_file', 'source_line', 'ingested_at', 'batch_id'],
  ],
  inputs: ['event files', 'simulator.locations'],
  partitionedBy: 'ts',
  window: null,
  body: null,
  storedBody: null,
  added: null,
  removed: null,
  expectations: [
    // All rules of ingestion together; each is also counted by its own name.
    { name: ALL_RULES, action: 'drop', description: 'the record breaks no rule of ingestion' },
    {
      name: 'unique_event_id',
      action: 'warn',
      sql: 'select added as passed, events - added as failed from pg_temp.batch_counts',
    },
    {
      name: 'known_fields',
      action: 'warn',
      sql: 'select events - drifted as passed, drifted as failed from pg_temp.batch_counts',
    },
    {
      name: 'no_null_fields',
      action: 'warn',
      sql: 'select events - nulls as passed, nulls as failed from pg_temp.batch_counts',
    },
  ],
  refresh: async (connection) => {
    const { rows } = await connection.query<{ added: string }>('select added from pg_temp.batch_counts');
    return Number(rows[0]?.added ?? 0);
  },
};
