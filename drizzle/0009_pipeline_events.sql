-- What happened to the pipeline and when: runs that start, take over, stop and fail, batches, rebuilds, retention.
-- `run_id` ties the entries of a run together; a run that has no end here was killed.
create table lakeflow.pipeline_events (
  id bigint generated always as identity primary key,
  ts timestamptz not null,
  level text not null check (level in ('info', 'warn', 'error')),
  event_type text not null,
  message text not null,
  batch_id bigint,
  run_id bigint default nullif(current_setting('caspers.run_id', true), '')::bigint,
  details jsonb not null default '{}'
);
create index pipeline_events_notable on lakeflow.pipeline_events (id) where event_type <> 'batch_committed';
create index pipeline_events_run on lakeflow.pipeline_events (run_id, id);
