-- Recommendations, the policies and the agent behind them, and the table that the console reads.

-- One row per order, scorer version (policy, model and prompt) and run. `ts` is when it was scored, `order_ts` when
-- the order was created; `rerun` 0 is the stream's own run, the others were requested by people. Every writer takes
-- the advisory lock 4027020 (recommendations) first, so that ids are committed in their order.
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
  rerun integer not null default 0 check (rerun >= 0),
  note text,
  requested_by text,
  trace jsonb,
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
create unique index refund_recommendations_terminal on recommender.refund_recommendations
  (order_id, policy_version, coalesce(model, ''), coalesce(prompt_version, ''), rerun)
  where source <> 'deferred';
create unique index refund_recommendations_deferred on recommender.refund_recommendations (order_id, rerun)
  where source = 'deferred';
create index refund_recommendations_order on recommender.refund_recommendations (order_id, ts desc, id desc);
comment on column recommender.refund_recommendations.delivered_ts is
  'when the order was delivered; where evidence.outcome is undelivered or cancelled, when the wait for it ended';
comment on column recommender.refund_recommendations.delivery_minutes is
  'minutes from created to delivered_ts';

-- how far a scorer has read silver_deliveries in the order of (batch_id, order_id); the order named here is scored
create table recommender.checkpoints (
  name text primary key,
  batch_id bigint not null,
  order_id text not null,
  updated_at timestamptz not null
);

-- One row, written when the recommender first starts: deliveries up to `history_until` are history, of which a sample
-- is scored. `undelivered_until` is how far orders that were never delivered have been looked for, by when they were
-- placed.
create table recommender.stream (
  singleton boolean primary key default true check (singleton),
  history_until timestamptz not null,
  started_at timestamptz not null,
  undelivered_until timestamptz not null default '-infinity'
);

-- POLICIES: one row per version, never changed; `rules` has the form of lib/recommender/policy/rules.ts
create table recommender.policies (
  version text primary key check (version ~ '^[a-z0-9][a-z0-9._-]{0,31}$'),
  rules jsonb not null check (rules ->> 'version' is not distinct from version),
  created_at timestamptz not null default now()
);

-- Which policy was made active when. The newest row is the active one, so there is always exactly one.
create table recommender.policy_activations (
  id bigint generated always as identity primary key,
  version text not null references recommender.policies,
  activated_at timestamptz not null default now()
);

insert into recommender.policies (version, rules) values
  ('v1', '{"version": "v1", "description": "15 % of the total above the location''s P75, 25 % above its P99.", "minimum_sample": 30, "tiers": [{"above_percentile": 75, "service_level_minutes": 45, "refund_percent": 15}, {"above_percentile": 99, "service_level_minutes": 75, "refund_percent": 25}], "grace_minutes": 0, "promise": null, "rounding_usd": 0.5, "minimum_usd": 0.5, "cap_usd": null, "full_refund": {"undelivered_after_minutes": 180, "cancelled": true}}'),
  ('v2', '{"version": "v2", "description": "As v1, but only five minutes beyond the percentile, and only later than the time promised: 30 minutes and the preparation time of the order''s slowest brand.", "minimum_sample": 30, "tiers": [{"above_percentile": 75, "service_level_minutes": 45, "refund_percent": 15}, {"above_percentile": 99, "service_level_minutes": 75, "refund_percent": 25}], "grace_minutes": 5, "promise": {"base_minutes": 30, "unknown_preparation_minutes": 12}, "rounding_usd": 0.5, "minimum_usd": 0.5, "cap_usd": 40, "full_refund": {"undelivered_after_minutes": 180, "cancelled": true}}');
insert into recommender.policy_activations (version) values ('v1');

-- Orders that wait for the agent: deferred by the stream (`rerun` 0) or requested by a person. A row is deleted in
-- the transaction that writes its answer. It cannot be claimed before `not_before`, which is a lease or a pause.
create table recommender.deferred_orders (
  order_id text not null,
  rerun integer not null check (rerun >= 0),
  since timestamptz not null,
  not_before timestamptz not null,
  attempts integer not null default 0,
  note text check (length(note) between 1 and 2000),
  requested_by text,
  primary key (order_id, rerun)
);
create index deferred_orders_next on recommender.deferred_orders ((rerun = 0), since, order_id);

-- Every call of the agent, committed before it is made, so that a crash cannot free a place in the hour's budget.
create table recommender.agent_calls (
  id bigint generated always as identity primary key,
  order_id text not null,
  rerun integer not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text check (outcome in ('answered', 'failed', 'unavailable')),
  code text,
  model text,
  tokens integer,
  latency_ms integer
);
create index agent_calls_started on recommender.agent_calls (started_at);

-- One row per request to a model, committed before the request is sent: what was spent, and each reply, survive a
-- crash. `scorer` names model, prompt, policy and note; `turn` counts the requests of one conversation from 1.
create table recommender.model_requests (
  id bigint generated always as identity primary key,
  order_id text not null,
  scorer text not null,
  turn integer not null check (turn > 0),
  model text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- 'replied' or why there was no reply; null while the request is under way, and for good after a crash
  outcome text,
  reply jsonb,
  prompt_tokens integer,
  completion_tokens integer,
  check ((reply is not null) = (outcome is not distinct from 'replied')),
  check ((outcome is null) = (ended_at is null))
);
create index model_requests_conversation on recommender.model_requests (order_id, scorer, turn);
create index model_requests_started on recommender.model_requests (started_at);

-- SYNC: the newest recommendation per order, which the console reads; a synced table, written by `sync` alone
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
  synced_at timestamptz not null,
  rerun integer not null default 0,
  note text,
  requested_by text,
  trace jsonb
);
comment on column recommender.pg_recommendations.delivered_ts is
  'when the order was delivered; where evidence.outcome is undelivered or cancelled, when the wait for it ended';
comment on column recommender.pg_recommendations.delivery_minutes is
  'minutes from created to delivered_ts';

-- how far `sync` has read refund_recommendations by id
create table recommender.sync_checkpoints (
  name text primary key,
  position bigint not null,
  updated_at timestamptz not null
);

-- The state of the sync, written by itself in the database that it writes to, for `status` and the console.
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

-- recommendations that cannot be synced because a column that the synced table requires is missing
create table recommender.sync_quarantine (
  source_id bigint primary key,
  missing text not null,
  raw jsonb not null,
  quarantined_at timestamptz not null
);
