import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { count, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { messageOf } from '#lib/errors.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { PipelineCounts } from './options.ts';
import type { Run } from './run-state.ts';

/** What the event log needs to know about a run. */
export type LoggedRun = Pick<Run, 'clock' | 'mode' | 'volume' | 'runId' | 'attempts'>;

const selectLastRunEvent = statement({
  returns: { eventType: text },
  sql: () => sql`
    select event_type from lakeflow.pipeline_events
    where event_type in ('run_started', 'run_took_over', 'run_resumed', 'run_stopped', 'run_failed')
    order by id desc
    limit 1`,
});

const selectNextId = statement({
  returns: { id: count },
  sql: () => sql`select nextval(pg_get_serial_sequence('lakeflow.pipeline_events', 'id')) as id`,
});

/**
 * Adds the entry with which a run becomes the one writer: it started, took over from a run without an end, or reached the
 * database again. From then on all entries that this connection writes carry the id of the run.
 */
export async function recordRunStart(connection: Connection, run: LoggedRun): Promise<void> {
  const [last] = await selectLastRunEvent(connection, {});
  const entry = describeStart(run, last?.eventType);
  const details = { mode: run.mode, volume: run.volume, pid: process.pid, attempts: run.attempts };
  run.runId ??= await nextRunId(connection);
  await setRunId(connection, run.runId);
  await recordEvent(connection, { at: run.clock.now(), level: 'info', ...entry, details });
}

async function nextRunId(connection: Connection): Promise<number | undefined> {
  const [next] = await selectNextId(connection, {});
  return next?.id;
}

function describeStart({ runId, mode }: LoggedRun, lastType: string | undefined) {
  if (runId) return { type: 'run_resumed', message: 'The database is back; the run continues.' } as const;
  const isEnded = lastType === undefined || ['run_stopped', 'run_failed'].includes(lastType);
  return isEnded
    ? ({ type: 'run_started', message: `A run started, mode ${mode}.` } as const)
    : ({ type: 'run_took_over', message: 'Took over from a run that has no end in this log.' } as const);
}

async function setRunId(connection: Connection, runId: number | undefined): Promise<void> {
  await connection.query(`select set_config('caspers.run_id', $1, false)`, [`${runId}`]);
}

/** Adds the entry of a run's end. If the database is unavailable there is none; the next run then takes over. */
export async function recordRunEnd(
  pool: Pool,
  run: LoggedRun,
  outcome: { counts: PipelineCounts } | { error: unknown },
): Promise<void> {
  if (!run.runId) return;
  const hasFailed = 'error' in outcome;
  const connection = await pool.connect();
  try {
    await setRunId(connection, run.runId);
    await recordEvent(connection, {
      at: run.clock.now(),
      level: hasFailed ? 'error' : 'info',
      type: hasFailed ? 'run_failed' : 'run_stopped',
      message: hasFailed ? `The run failed: ${messageOf(outcome.error)}` : 'The run ended.',
      details: hasFailed ? { error: messageOf(outcome.error) } : { counts: outcome.counts },
    });
  } finally {
    connection.release(true);
  }
}
