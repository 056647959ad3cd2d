import type { Pool } from '#db/client.ts';

/** What can happen to the pipeline. */
export type PipelineEventType =
  | 'run_started'
  | 'run_took_over'
  | 'run_resumed'
  | 'run_stopped'
  | 'run_failed'
  | 'batch_committed'
  | 'batch_lost'
  | 'file_changed'
  | 'late_admitted'
  | 'rebuild'
  | 'retention';

/** One entry of the log; `details` are counts and names, never the content of a record. */
export type PipelineEvent = {
  at: Date;
  level: 'info' | 'warn' | 'error';
  type: PipelineEventType;
  message: string;
  batchId?: number;
  details?: Record<string, unknown>;
};

const write = `
insert into lakeflow.pipeline_events (ts, level, event_type, message, batch_id, details)
values ($1, $2, $3, $4, $5, $6)
returning id`;

/** Adds an entry: within the transaction that the connection is in, if any. @returns its id. */
export async function recordEvent(connection: Pick<Pool, 'query'>, event: PipelineEvent): Promise<number> {
  const { at, level, type, message, batchId, details = {} } = event;
  const values = [at, level, type, message, batchId ?? null, JSON.stringify(details)];
  const { rows } = await connection.query<{ id: string }>(write, values);
  return Number(rows[0]?.id);
}
