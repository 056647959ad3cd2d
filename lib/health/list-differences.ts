import type { Pool } from '#db/client.ts';

/** A file, or a whole batch where `file` is null, of which a table holds another number than the ledger says. */
export type Difference = {
  batchId: number;
  file: string | null;
  what: string;
  ledger: number;
  found: number;
};

const MOST = 100;

const query = `
-- grain: one row per file or batch and number in which the ledger and a table differ
with file as (
  select batch_id, path, records, events_added, quarantined from lakeflow.ingested_files
), batch as (
  select batch_id, sum(records) as records, sum(records - events_added - quarantined) as duplicates
  from file group by batch_id
), counted as (
  select
    batch_id,
    sum(passed + failed) filter (where expectation = 'valid_record') as records,
    sum(failed) filter (where expectation = 'unique_event_id') as duplicates
  from lakeflow.expectation_results
  where dataset = 'all_events' and expectation in ('valid_record', 'unique_event_id')
  group by batch_id
), bronze as (
  select batch_id, source_file as path, count(*) as events from lakeflow.all_events group by batch_id, source_file
), aside as (
  select batch_id, source_file as path, count(*) as records
  from lakeflow.quarantined_records group by batch_id, source_file
), replay as (
  select distinct replay_batch_id as batch_id from lakeflow.quarantined_records where replay_added
), retention as (
  select exists (
    select from lakeflow.pipeline_events where event_type <> 'batch_committed' and event_type = 'retention'
  ) as took_place
), difference as (
  select batch_id, path, 'events in bronze' as what, coalesce(events_added, 0) as ledger, coalesce(events, 0) as found
  from file full join bronze using (batch_id, path)
  where case when (select took_place from retention)
    then coalesce(events, 0) > coalesce(events_added, 0)
    else coalesce(events, 0) <> coalesce(events_added, 0) end
    and batch_id not in (select batch_id from replay)
  union all
  select batch_id, path, 'records in quarantine', coalesce(quarantined, 0), coalesce(aside.records, 0)
  from file full join aside using (batch_id, path)
  where coalesce(quarantined, 0) <> coalesce(aside.records, 0)
  union all
  select batch_id, path, 'events and quarantined records at most', records, events_added + quarantined
  from file
  where events_added + quarantined > records
  union all
  select batch_id, null, 'records by the expectations', batch.records, coalesce(counted.records, 0)
  from batch left join counted using (batch_id)
  where batch.records <> coalesce(counted.records, 0)
  union all
  select batch_id, null, 'duplicates by the expectations', batch.duplicates, coalesce(counted.duplicates, 0)
  from batch left join counted using (batch_id)
  where batch.duplicates <> coalesce(counted.duplicates, 0)
)
select batch_id::float8 as "batchId", path as file, what, ledger::float8, found::float8
from difference
order by batch_id, path nulls last, what
limit ${MOST}`;

/** Holds the ledger against bronze, the quarantine and the expectations, file by file; the first 100 differences. */
export async function listDifferences(pool: Pick<Pool, 'query'>): Promise<Difference[]> {
  const { rows } = await pool.query<Difference>(query);
  return rows;
}
