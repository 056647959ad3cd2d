-- An order's lines are looked for in the partitions of its days alone: `silver_orders` says which (docs/decisions/0009).
-- Without that, each decision and each synced recommendation looked into the partitions of all days there have been.

-- The plan for the very days reads their partitions; one for all days would open every partition each time.
create function refunds.order_total(asked text) returns numeric
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
  first_day date := '-infinity';
  last_day date := 'infinity';
begin
  select known.first_day, known.last_day into first_day, last_day
  from lakeflow.silver_orders as known where known.order_id = asked;
  return (
    select sum(line.extended_price) from lakeflow.silver_order_items as line
    where line.order_id = asked
      and line.order_day between coalesce(first_day, '-infinity') and coalesce(last_day, 'infinity')
  );
end
$$;

create or replace function refunds.check_decision() returns trigger
language plpgsql as $$
declare
  total constant numeric := refunds.order_total(new.order_id);
  previous refunds.refund_decisions;
begin
  if total is null then
    raise exception 'no order %', new.order_id using errcode = 'foreign_key_violation';
  end if;
  if new.order_total_usd <> total then
    raise exception 'order % has a total of %, not %', new.order_id, total, new.order_total_usd
      using errcode = 'check_violation';
  end if;
  select * into previous from refunds.refund_decisions where id = new.supersedes_id and order_id = new.order_id;
  if new.supersedes_id is not null and previous.id is null then
    raise exception 'decision % is not of order %', new.supersedes_id, new.order_id
      using errcode = 'foreign_key_violation';
  end if;
  if (new.kind = 'decision') = (previous.kind is not distinct from 'decision') then
    raise exception 'a % cannot follow a %', new.kind, coalesce(previous.kind, 'first decision')
      using errcode = 'check_violation', constraint = 'decision_order';
  end if;
  if new.kind = 'undo' and (
    new.decided_by not in (previous.decided_by, coalesce(previous.approved_by, previous.decided_by))
    or clock_timestamp() - previous.decided_ts > interval '30 seconds'
  ) then
    raise exception 'decision % can no longer be undone by %', previous.id, new.decided_by
      using errcode = 'check_violation', constraint = 'decision_undo';
  end if;
  if new.kind = 'decision' then
    perform refunds.check_reason_code(new.source_suggestion, new.refund_class, new.amount_usd, new.reason_code);
    perform refunds.check_approval(new);
  end if;
  return new;
end
$$;

create or replace function refunds.check_approval_request() returns trigger
language plpgsql as $$
declare
  total constant numeric := refunds.order_total(new.order_id);
begin
  if total is distinct from new.order_total_usd then
    raise exception 'order % has a total of %, not %', new.order_id, total, new.order_total_usd
      using errcode = 'check_violation';
  end if;
  perform refunds.check_reason_code(new.source_suggestion, new.refund_class, new.amount_usd, new.reason_code);
  return new;
end
$$;

-- The lines of all that has arrived are read at once, from the partitions of its days.
create or replace function refunds.take_in_recommendations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  oldest date;
  newest date;
begin
  select min(coalesce(known.first_day, '-infinity')), max(coalesce(known.last_day, 'infinity')) into oldest, newest
  from arrived
  left join lakeflow.silver_orders as known on known.order_id = arrived.order_id;
  -- an upsert fires this twice, once with nothing
  if oldest is null then
    return null;
  end if;

  insert into refunds.cases as held (
    order_id, recommendation_id, delivered_ts, delivery_minutes, location, brand_ids, order_total_usd,
    refund_class, refund_usd, source
  )
  with brands as (
    select line.order_id, array_agg(distinct line.brand_id) as ids
    from arrived
    join lakeflow.silver_order_items as line on line.order_id = arrived.order_id
    where line.order_day between oldest and newest and line.brand_id is not null
    group by line.order_id
  )
  select
    arrived.order_id, arrived.recommendation_id, arrived.delivered_ts, arrived.delivery_minutes, arrived.location,
    coalesce(brands.ids, '{}'), arrived.order_total_usd, arrived.refund_class, arrived.refund_usd, arrived.source
  from arrived
  left join brands on brands.order_id = arrived.order_id
  order by arrived.order_id
  on conflict (order_id) do update
  set recommendation_id = excluded.recommendation_id, delivered_ts = excluded.delivered_ts,
    delivery_minutes = excluded.delivery_minutes, location = excluded.location, brand_ids = excluded.brand_ids,
    order_total_usd = excluded.order_total_usd, refund_class = excluded.refund_class,
    refund_usd = excluded.refund_usd, source = excluded.source;
  return null;
end
$$;
