import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { instant, integer, text, timestamp } from '#db/columns.ts';
import { describeError } from '#db/connection-error.ts';
import { describeSchema, readSchemaState } from '#db/schema-version.ts';
import { statement } from '#db/statement.ts';
import { currentStop } from './get-progress.ts';
import { getSyncStatus, type SyncStatus } from './get-sync-status.ts';
import { describeSilent, listSilentLocations, type SilentLocation } from './list-silent-locations.ts';

export type Check = { ok: boolean; detail: string };

/**
 * `behind` recommendations are not in the console yet. `lagSeconds` is the age of the oldest of them, or of the first
 * change of a synced order that is not in the console, 0 where there is neither.
 */
export type SyncCheck = Check & { behind: number; lagSeconds: number };

/** `silent` locations have stopped writing events, while others go on: `ok` is then false, as a warning. */
export type LocationsCheck = Check & { silent: SilentLocation[] };

/**
 * `ready`: the console can answer and take decisions, because the database answers and has the schema of this
 * version. A sync that lags, or a silent location, is reported and does not make the console unready: what is there can
 * still be decided.
 */
export type Readiness = {
  ready: boolean;
  checks: { database: Check; schema: Check; sync: SyncCheck; locations: LocationsCheck; agent: Check };
};

const SYNC_LIMIT_SECONDS = 60;
const unknown = { ok: false, detail: 'Not known.' };

/** Asks the database whether the console can work. Never throws: what fails is in the answer. */
export async function checkReadiness(db: Database): Promise<Readiness> {
  const checks: Readiness['checks'] = {
    ...{ database: unknown, schema: unknown, sync: { ...unknown, behind: 0, lagSeconds: 0 } },
    locations: { ...unknown, silent: [] },
    agent: unknown,
  };
  try {
    checks.schema = await checkSchema(db);
    checks.database = { ok: true, detail: 'The database answers.' };
    if (checks.schema.ok) {
      checks.sync = await checkSync(db);
      checks.locations = await checkLocations(db);
      checks.agent = await checkAgent(db);
    }
  } catch (error) {
    checks.database = {
      ok: false,
      detail: describeError(error)?.message ?? 'The database answers with an error.',
    };
  }
  return { ready: checks.database.ok && checks.schema.ok, checks };
}

async function checkSchema(db: Database): Promise<Check> {
  const state = await readSchemaState(db.pool);
  return { ok: state === 'current', detail: describeSchema(state) };
}

const readTime = statement({ returns: { now: timestamp }, sql: () => sql`select clock_timestamp() as now` });

async function checkSync(db: Database): Promise<SyncCheck> {
  const [row] = await readTime(db.pool, {});
  if (!row) throw new Error('the time is always one row');
  const status = await getSyncStatus(db, row.now);
  const { behind, state } = status;
  const lagSeconds = Math.max(status.lagSeconds, status.orders.lagSeconds);
  const isWorking = state !== 'failing' && state !== 'stopped';
  return {
    ok: isWorking && lagSeconds <= SYNC_LIMIT_SECONDS,
    detail: describeSync(status),
    behind,
    lagSeconds,
  };
}

async function checkLocations(db: Database): Promise<LocationsCheck> {
  const silent = await listSilentLocations(db);
  return { ok: silent.length === 0, detail: describeSilent(silent), silent };
}

const findStop = statement({
  returns: { stoppedTs: instant, model: text, unusable: integer, code: text },
  sql: () => currentStop,
});

async function checkAgent(db: Database): Promise<Check> {
  const [stop] = await findStop(db.pool, {});
  if (!stop) return { ok: true, detail: 'No agent has stopped.' };
  const { unusable, stoppedTs } = stop;
  return {
    ok: false,
    detail: `The agent has stopped after ${unusable} unusable answers in a row, at ${stoppedTs}; the policy answers. To ask it again: npm run recommend -- resume-agent.`,
  };
}

/** Leaves out the reason of a failure, since /readyz is public; `status` shows it. */
function describeSync({ state, behind, failingSinceTs, checkedTs, orders }: SyncStatus): string {
  if (state === 'failing') return `The sync has been failing since ${failingSinceTs}.`;
  if (state === 'stopped') return `The sync has not reported since ${checkedTs}.`;
  if (behind > 0) return `${behind} recommendations are not synced yet.`;
  if (orders.behind > 0) return `The changes of ${orders.behind} orders are not synced yet.`;
  return 'The console sees every recommendation.';
}
