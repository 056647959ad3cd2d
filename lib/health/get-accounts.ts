import type { Pool } from '#db/client.ts';

/**
 * What became of the records of every file that was taken, over all volumes: `records` = `events` + `duplicates` +
 * `quarantined`. `addsUp` is false where the tables hold otherwise than the ledger says.
 */
export type Accounts = {
  files: number;
  /** Files whose content another one had brought; their records count once, with that one. */
  copies: number;
  records: number;
  events: number;
  duplicates: number;
  quarantined: number;
  /** Events that came from quarantine later, and those that retention has deleted since. */
  replayed: number;
  deleted: number;
  /** Rows of bronze: `events` + `replayed` − `deleted`. */
  bronze: number;
  addsUp: boolean;
};

type Row = Omit<Accounts, 'addsUp'> & { aside: number; keys: number; replays: number };

const query = `
-- one row, of one moment: the sums of the ledger beside what the tables hold
with ledger as (
  select
    count(*) as files,
    count(duplicate_of) as copies,
    coalesce(sum(records), 0) as records,
    coalesce(sum(events_added), 0) as events,
    coalesce(sum(quarantined), 0) as quarantined
  from lakeflow.ingested_files
), aside as (
  select count(*) as records, count(*) filter (where replay_added) as replays from lakeflow.quarantined_records
), keys as (
  select count(*) as events from lakeflow.event_keys
), bronze as (
  select count(*) as events from lakeflow.all_events
), retention as (
  select coalesce(sum((details ->> 'events')::numeric), 0) as events
  from lakeflow.pipeline_events where event_type <> 'batch_committed' and event_type = 'retention'
)
select
  ledger.files::float8,
  copies::float8,
  ledger.records::float8,
  ledger.events::float8,
  (ledger.records - ledger.events - quarantined)::float8 as duplicates,
  quarantined::float8,
  (keys.events - ledger.events)::float8 as replayed,
  retention.events::float8 as deleted,
  bronze.events::float8 as bronze,
  aside.records::float8 as aside,
  keys.events::float8 as keys,
  aside.replays::float8 as replays
from ledger, aside, keys, bronze, retention`;

/** Adds up the ledger and holds it against bronze, its keys and the quarantine. */
export async function getAccounts(pool: Pick<Pool, 'query'>): Promise<Accounts> {
  const { rows } = await pool.query<Row>(query);
  const [row] = rows;
  if (!row) throw new Error('the sums of the ledger are always one row');
  const { aside, keys, replays, ...counts } = row;
  const { duplicates, quarantined, replayed, bronze, deleted } = counts;
  // A record from quarantine brings one event, or more where it was a whole file.
  const replaysAddUp = replays === 0 ? replayed === 0 : replayed >= replays;
  const addsUp = duplicates >= 0 && aside === quarantined && bronze + deleted === keys && replaysAddUp;
  return { ...counts, addsUp };
}
