-- POLICIES: one row per version, never changed; `rules` has the form of lib/recommender/policy/rules.ts
create table recommender.policies (
  version text primary key check (version ~ '^[a-z0-9][a-z0-9._-]{0,31}$'),
  rules jsonb not null check (rules ->> 'version' is not distinct from version),
  created_at timestamptz not null default now()
);
create trigger policies_append_only before update or delete or truncate on recommender.policies
for each statement execute function public.refuse_change();

-- Which policy was made active when. The newest row is the active one, so there is always exactly one.
create table recommender.policy_activations (
  id bigint generated always as identity primary key,
  version text not null references recommender.policies,
  activated_at timestamptz not null default now()
);
create trigger policy_activations_append_only before update or delete or truncate
on recommender.policy_activations for each statement execute function public.refuse_change();

create view recommender.active_policy as
select policy.version, policy.rules, activation.activated_at
from recommender.policy_activations as activation
join recommender.policies as policy using (version)
order by activation.id desc
limit 1;

insert into recommender.policies (version, rules) values
  ('v1', '{"version": "v1", "description": "15 % of the total above the location''s P75, 25 % above its P99.", "minimum_sample": 30, "tiers": [{"above_percentile": 75, "service_level_minutes": 45, "refund_percent": 15}, {"above_percentile": 99, "service_level_minutes": 75, "refund_percent": 25}], "grace_minutes": 0, "promise": null, "rounding_usd": 0.5, "minimum_usd": 0.5, "cap_usd": null, "full_refund": {"undelivered_after_minutes": 180, "cancelled": true}}'),
  ('v2', '{"version": "v2", "description": "As v1, but only five minutes beyond the percentile, and only later than the time promised: 30 minutes and the preparation time of the order''s slowest brand.", "minimum_sample": 30, "tiers": [{"above_percentile": 75, "service_level_minutes": 45, "refund_percent": 15}, {"above_percentile": 99, "service_level_minutes": 75, "refund_percent": 25}], "grace_minutes": 5, "promise": {"base_minutes": 30, "unknown_preparation_minutes": 12}, "rounding_usd": 0.5, "minimum_usd": 0.5, "cap_usd": 40, "full_refund": {"undelivered_after_minutes": 180, "cancelled": true}}');
insert into recommender.policy_activations (version) values ('v1');

-- STREAM: fixed when the recommender first starts: what was delivered up to `history_until` is history, of
-- which a sample is scored. Where everything was scored before there was a sample, nothing is history.
create table recommender.stream (
  singleton boolean primary key default true check (singleton),
  history_until timestamptz not null,
  started_at timestamptz not null
);
insert into recommender.stream (history_until, started_at)
select '-infinity', now() from recommender.checkpoints where name = 'policy';

-- Orders that wait for the agent: deferred by the stream (`rerun` 0) or asked for by a person. A row goes in the
-- transaction that writes its answer; nobody takes it before `not_before`, which is a lease or a pause.
create table recommender.waiting_orders (
  order_id text not null,
  rerun integer not null check (rerun >= 0),
  since timestamptz not null,
  not_before timestamptz not null,
  attempts integer not null default 0,
  note text check (length(note) between 1 and 2000),
  requested_by text,
  primary key (order_id, rerun)
);
create index waiting_orders_turn on recommender.waiting_orders ((rerun = 0), since, order_id);

-- Every call of the agent, committed before it is made, so that no crash can make room in the hour's budget.
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

-- One terminal row per order, scorer version (policy, model and prompt) and run; re-runs stand beside the first.
alter table recommender.refund_recommendations
  add rerun integer not null default 0 check (rerun >= 0),
  add note text,
  add requested_by text,
  add trace jsonb;
drop index recommender.refund_recommendations_policy;
create unique index refund_recommendations_terminal on recommender.refund_recommendations
  (order_id, policy_version, coalesce(model, ''), coalesce(prompt_version, ''), rerun)
  where source <> 'deferred';
create unique index refund_recommendations_deferred on recommender.refund_recommendations (order_id, rerun)
  where source = 'deferred';

alter table recommender.pg_recommendations
  add rerun integer not null default 0,
  add note text,
  add requested_by text,
  add trace jsonb;

-- Asks for another look at an order, with what the person knows; both versions are kept. Returns the number of the run.
create function recommender.request_rerun(wanted_order text, note text, requested_by text) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  run integer;
begin
  perform pg_advisory_xact_lock(hashtextextended(wanted_order, 4027022));
  select 1 + max(known.rerun) into run
  from (
    select given.rerun from recommender.refund_recommendations as given where given.order_id = wanted_order
    union all
    select waiting.rerun from recommender.waiting_orders as waiting where waiting.order_id = wanted_order
  ) as known;
  if run is null then
    raise exception 'no recommendation for order %', wanted_order using errcode = 'foreign_key_violation';
  end if;
  insert into recommender.waiting_orders (order_id, rerun, since, not_before, note, requested_by)
  values (wanted_order, run, clock_timestamp(), '-infinity', nullif(btrim(request_rerun.note), ''),
    request_rerun.requested_by);
  perform pg_notify('refund_recommendations', '');
  return run;
end
$$;
revoke execute on function recommender.request_rerun from public;

-- TOOLS of the agent, which the readers in lib/orders call too. They run with the rights of who calls them.
create schema ai;
grant usage on schema ai to public;

-- one row per line of the order
create function ai.get_order_details(wanted_order text)
returns table (
  order_id text, gk_id text, location text, location_id integer, location_name text, order_ts timestamptz,
  line_no integer, item_id integer, item_name text, brand_id integer, brand_name text,
  price numeric, qty integer, extended_price numeric
)
language sql stable parallel safe
as $$
  select
    line.order_id, line.gk_id, line.location, line.location_id, place.name, line.order_ts,
    line.line_no, line.item_id, line.item_name, line.brand_id, brand.name,
    line.price, line.qty, line.extended_price
  from lakeflow.silver_order_items as line
  left join simulator.brands as brand on brand.brand_id = line.brand_id
  left join simulator.locations as place on place.location_code = line.location
  where line.order_id = wanted_order
  order by line.line_no
$$;

-- at most one row: when the order was created and delivered, and the minutes between
create function ai.get_order_delivery_time(wanted_order text)
returns table (
  order_id text, location text, created_ts timestamptz, delivered_ts timestamptz, delivery_minutes double precision
)
language sql stable parallel safe
as $$
  select delivery.order_id, delivery.location, delivery.created_ts, delivery.delivered_ts, delivery.delivery_minutes
  from lakeflow.silver_deliveries as delivery
  where delivery.order_id = wanted_order
$$;

-- One row: minutes from created to delivered at a location over the 24 hours of event time up to `until`, its start
-- excluded; without `until`, up to the location's newest delivery.
create function ai.get_location_timings(wanted_location text, until timestamptz default null)
returns table (
  location text, window_from timestamptz, window_to timestamptz, deliveries integer,
  p50 double precision, p75 double precision, p99 double precision
)
language sql stable parallel safe
as $$
  with span as materialized (
    select coalesce(until, (
      select max(newest.delivered_ts) from lakeflow.silver_deliveries as newest where newest.location = wanted_location
    )) as window_to
  )
  select
    wanted_location,
    span.window_to - interval '24 hours',
    span.window_to,
    count(delivery.order_id)::integer,
    percentile_cont(0.5) within group (order by delivery.delivery_minutes),
    percentile_cont(0.75) within group (order by delivery.delivery_minutes),
    percentile_cont(0.99) within group (order by delivery.delivery_minutes)
  from span
  left join lakeflow.silver_deliveries as delivery
    on delivery.location = wanted_location
    and delivery.delivered_ts > span.window_to - interval '24 hours'
    and delivery.delivered_ts <= span.window_to
  group by span.window_to
$$;
