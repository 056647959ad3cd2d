import type { Runner } from '#db/statement.ts';

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
  | 'retention'
  | 'places_deleted'
  | 'addresses_rehashed';

/** One entry of the log; `details` are counts and names, never the content of a record. */
export type PipelineEvent = {
  at: Date;
  level: 'info' | 'warn' | 'error';
  type: PipelineEventType;
  message: string;
  batchId?: number;
  details?: Record<string, unknown>;
};

/** Adds an entry to the event log, within the connection's transaction if there is one. */
export async function recordEvent(connection: Runner, event: PipelineEvent): Promise<void> {
  const { at, level, type, message, batchId, details = {} } = event;
  await connection.query(
    `insert into lakeflow.pipeline_events (ts, level, event_type, message, batch_id, details)
     values ($1, $2, $3, $4, $5, $6)`,
    [at, level, type, message, batchId ?? null, JSON.stringify(details)],
  );
}
