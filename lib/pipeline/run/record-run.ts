import type { Connection, Pool } from '#db/client.ts';
import { messageOf } from '#lib/errors.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { PipelineCounts, PipelineOptions } from './options.ts';

/** What the log has to know of a run: `runId`, which ties its entries together, is set by the first. */
export type LoggedRun = Pick<PipelineOptions, 'clock' | 'mode' | 'volume'> & {
  runId?: number;
  attempts: number;
};

const lastRunEvent = `
select event_type from lakeflow.pipeline_events
where event_type in ('run_started', 'run_took_over', 'run_resumed', 'run_stopped', 'run_failed')
order by id desc
limit 1`;

/**
 * Adds the entry with which a run becomes the one writer: that it started, took over from a run without an end, or
 * came back to the database; and ties to it all that this connection writes.
 */
export async function recordRunBegin(connection: Connection, run: LoggedRun): Promise<void> {
  const { rows } = await connection.query<{ event_type: string }>(lastRunEvent);
  const begun = describeBegin(run, rows[0]);
  const details = { mode: run.mode, volume: run.volume, pid: process.pid, attempts: run.attempts };
  run.runId ??= await nextRunId(connection);
  await tie(connection, run.runId);
  await recordEvent(connection, { at: run.clock.now(), level: 'info', ...begun, details });
}

async function nextRunId(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ id: string }>(
    `select nextval(pg_get_serial_sequence('lakeflow.pipeline_events', 'id')) as id`,
  );
  return Number(rows[0]?.id);
}

function describeBegin(run: LoggedRun, last?: { event_type: string }) {
  if (run.runId) return { type: 'run_resumed', message: 'The database is back; the run goes on.' } as const;
  const unended = last && !['run_stopped', 'run_failed'].includes(last.event_type);
  return unended
    ? ({ type: 'run_took_over', message: 'Took over from a run that has no end in this log.' } as const)
    : ({ type: 'run_started', message: `A run began, mode ${run.mode}.` } as const);
}

async function tie(connection: Connection, runId: number): Promise<void> {
  await connection.query(`select set_config('caspers.run_id', $1, false)`, [`${runId}`]);
}

/** Adds the entry of a run's end. A database that is away has none: the next run then says that it took over. */
export async function recordRunEnd(
  pool: Pool,
  run: LoggedRun,
  outcome: { counts: PipelineCounts } | { error: unknown },
): Promise<void> {
  if (!run.runId) return;
  const failed = 'error' in outcome;
  const details = failed ? { error: messageOf(outcome.error) } : { counts: outcome.counts };
  const connection = await pool.connect();
  try {
    await tie(connection, run.runId);
    await recordEvent(connection, {
      at: run.clock.now(),
      level: failed ? 'error' : 'info',
      type: failed ? 'run_failed' : 'run_stopped',
      message: failed ? `The run failed: ${messageOf(outcome.error)}` : 'The run ended.',
      details,
    });
  } finally {
    connection.release(true);
  }
}
