import type { Database } from '#db/client.ts';
import { describeError } from '#db/connection-error.ts';
import { schemaVersion } from './schema-version.ts';

export type Check = { ok: boolean; detail: string };

/** `lagSeconds` is the age of the oldest recommendation that the console does not see yet, 0 where there is none. */
export type SyncCheck = Check & { behind: number; lagSeconds: number };

/**
 * `ready`: the console can answer and take decisions, because the database answers and has the schema of this
 * version. A sync that lags is told and takes nobody out of service: what is there can still be decided.
 */
export type Readiness = {
  ready: boolean;
  checks: { database: Check; schema: Check; sync: SyncCheck };
};

const SYNC_LIMIT_SECONDS = 60;
const unknown = { ok: false, detail: 'Not known.' };

/** Asks the database whether the console can work. Never throws: what fails is in the answer. */
export async function checkReadiness(db: Database): Promise<Readiness> {
  const checks = { database: unknown, schema: unknown, sync: { ...unknown, behind: 0, lagSeconds: 0 } };
  try {
    checks.schema = await checkSchema(db);
    checks.database = { ok: true, detail: 'The database answers.' };
    if (checks.schema.ok) checks.sync = await checkSync(db);
  } catch (error) {
    checks.database = {
      ok: false,
      detail: describeError(error)?.message ?? 'The database answers with an error.',
    };
  }
  return { ready: checks.database.ok && checks.schema.ok, checks };
}

async function checkSchema(db: Database): Promise<Check> {
  const exists = await db.pool.query<{ found: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (!exists.rows[0]?.found) return { ok: false, detail: 'The database is empty: run npm run db:migrate.' };
  const { rows } = await db.pool.query<{ version: string | null }>(
    'select max(created_at) as version from drizzle.__drizzle_migrations',
  );
  return describeVersion(Number(rows[0]?.version ?? 0));
}

function describeVersion(version: number): Check {
  if (version === schemaVersion) return { ok: true, detail: 'The schema is that of this version.' };
  return version < schemaVersion
    ? { ok: false, detail: 'The schema is older than this version: run npm run db:migrate.' }
    : { ok: false, detail: 'The schema is newer than this version: update the program.' };
}

async function checkSync(db: Database): Promise<SyncCheck> {
  const { rows } = await db.pool.query<{ behind: number; lag_seconds: number }>(`
    -- one row: what the synced table has not yet
    select
      count(*)::integer as behind,
      coalesce(extract(epoch from greatest(clock_timestamp() - min(ts), interval '0')), 0)::double precision
        as lag_seconds
    from recommender.refund_recommendations
    where id > coalesce(
      (select position from recommender.sync_checkpoints where name = 'pg_recommendations'), 0)`);
  const { behind = 0, lag_seconds: lagSeconds = 0 } = rows[0] ?? {};
  const ok = lagSeconds <= SYNC_LIMIT_SECONDS;
  const detail =
    behind === 0 ? 'The console sees every recommendation.' : `${behind} recommendations are not synced yet.`;
  return { ok, detail, behind, lagSeconds };
}
