-- Lateness is decided once, when an event is taken, and stands here ever after. `lateness` is how far the event lay
-- behind the newest one, so more than three hours. One row per late event and windowed table that leaves it out;
-- a late event that no windowed table reads has one row, of the dataset all_events.
alter table lakeflow.late_events
  add column event_type text not null,
  add column order_id text not null,
  add column batch_id bigint not null,
  add column recorded_at timestamptz not null,
  add column admit_requested_at timestamptz,
  add column admitted_at timestamptz,
  add column admitted_batch_id bigint,
  add constraint late_events_admitted_once check ((admitted_at is null) = (admitted_batch_id is null)),
  add constraint late_events_all_events_has_it check (dataset <> 'all_events' or admit_requested_at is null);
create index late_events_order on lakeflow.late_events (order_id, dataset);
create index late_events_requested on lakeflow.late_events (dataset, event_id)
where admit_requested_at is not null and admitted_at is null;

-- The orders that a windowed table leaves out because their creation came late: whoever computes such a table from
-- silver, in whole or in part, leaves these out of it.
create view lakeflow.late_orders as
select dataset, order_id
from lakeflow.late_events
where admitted_at is null and dataset <> 'all_events';

-- A record in quarantine is open until it is taken again (`replayed_at`, as `replacement` where it was mended first;
-- `raw` stays as it came) or given up (`dropped_at`). `replay_added` is false where its event was there already.
alter table lakeflow.quarantined_records
  add column replacement text,
  add column replay_requested_at timestamptz,
  add column replay_batch_id bigint,
  add column replay_added boolean,
  add column dropped_at timestamptz,
  add constraint quarantined_records_end_once check (replayed_at is null or dropped_at is null),
  add constraint quarantined_records_replay
    check ((replayed_at is null) = (replay_batch_id is null) and (replayed_at is null) = (replay_added is null));
create index quarantined_records_open on lakeflow.quarantined_records (id)
where replayed_at is null and dropped_at is null;
create index quarantined_records_requested on lakeflow.quarantined_records (id)
where replay_requested_at is not null and replayed_at is null and dropped_at is null;
