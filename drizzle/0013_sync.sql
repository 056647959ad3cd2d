-- How the sync stands, written by itself in the database that it writes to, for `status` and the console.
-- `behind` and `oldest_waiting_ts` are as of `checked_at`; `failing_since` is null while it works.
create table recommender.sync_status (
  name text primary key,
  mode text not null check (mode in ('snapshot', 'triggered', 'continuous')),
  position bigint not null,
  behind bigint not null,
  oldest_waiting_ts timestamptz,
  checked_at timestamptz not null,
  failing_since timestamptz,
  error text,
  check ((failing_since is null) = (error is null))
);

-- Recommendations that cannot stand in the synced table because they lack what every row there has.
create table recommender.sync_quarantine (
  source_id bigint primary key,
  missing text not null,
  raw jsonb not null,
  quarantined_at timestamptz not null
);

-- How far orders that were never delivered have been looked for, by when they were placed.
alter table recommender.stream add undelivered_until timestamptz not null default '-infinity';
comment on column recommender.refund_recommendations.delivered_ts is
  'when the order was delivered; where evidence.outcome is undelivered or cancelled, when the wait for it ended';
comment on column recommender.refund_recommendations.delivery_minutes is
  'minutes from created to delivered_ts';
comment on column recommender.pg_recommendations.delivered_ts is
  'when the order was delivered; where evidence.outcome is undelivered or cancelled, when the wait for it ended';
comment on column recommender.pg_recommendations.delivery_minutes is
  'minutes from created to delivered_ts';
