create schema recommender;

-- One row per order and scorer version. `ts` is when it was scored, `order_ts` when the order was created.
-- Every writer takes pg_advisory_xact_lock(4027020) first, so the order of `id` is the order of commits.
create table recommender.refund_recommendations (
  id bigint generated always as identity primary key,
  order_id text not null,
  ts timestamptz not null,
  order_ts timestamptz not null,
  delivered_ts timestamptz not null,
  location text,
  delivery_minutes double precision not null,
  order_total_usd numeric(18, 2) not null check (order_total_usd >= 0),
  agent_response text not null,
  refund_class text check (refund_class in ('none', 'partial', 'full')),
  refund_usd numeric(18, 2),
  reason text not null,
  source text not null check (source in ('policy', 'agent', 'deferred', 'error')),
  model text,
  policy_version text not null,
  prompt_version text,
  evidence jsonb not null,
  latency_ms integer,
  tokens integer,
  check ((refund_class is null) = (refund_usd is null)),
  check (refund_class is not null or source in ('deferred', 'error')),
  check (
    case refund_class
      when 'none' then refund_usd = 0
      when 'full' then refund_usd = order_total_usd and refund_usd > 0
      when 'partial' then refund_usd > 0 and refund_usd < order_total_usd
    end
  )
);
create unique index refund_recommendations_policy
  on recommender.refund_recommendations (order_id, policy_version) where source = 'policy';
create index refund_recommendations_order on recommender.refund_recommendations (order_id, ts desc, id desc);

-- how far a scorer has read silver_deliveries in the order of (batch_id, order_id); the order named is scored
create table recommender.checkpoints (
  name text primary key,
  batch_id bigint not null,
  order_id text not null,
  updated_at timestamptz not null
);

-- how far `sync` has read refund_recommendations by id
create table recommender.sync_checkpoints (
  name text primary key,
  position bigint not null,
  updated_at timestamptz not null
);

-- the newest recommendation per order, which the console reads: a synced table, written by `sync` alone
create table recommender.pg_recommendations (
  order_id text primary key,
  recommendation_id bigint not null,
  ts timestamptz not null,
  order_ts timestamptz not null,
  delivered_ts timestamptz not null,
  location text,
  delivery_minutes double precision not null,
  order_total_usd numeric(18, 2) not null,
  agent_response text not null,
  refund_class text,
  refund_usd numeric(18, 2),
  reason text not null,
  source text not null,
  model text,
  policy_version text not null,
  prompt_version text,
  evidence jsonb not null,
  latency_ms integer,
  tokens integer,
  synced_at timestamptz not null
);
create index pg_recommendations_newest on recommender.pg_recommendations (delivered_ts desc, order_id desc);
create index pg_recommendations_lateness on recommender.pg_recommendations (delivery_minutes desc, order_id desc);

create function recommender.notify_channel() returns trigger
language plpgsql
as $$ begin perform pg_notify(tg_argv[0], ''); return null; end $$;

create trigger refund_recommendations_notify after insert on recommender.refund_recommendations
for each statement execute function recommender.notify_channel('refund_recommendations');
create trigger pg_recommendations_notify after insert or update on recommender.pg_recommendations
for each statement execute function recommender.notify_channel('pg_recommendations');
