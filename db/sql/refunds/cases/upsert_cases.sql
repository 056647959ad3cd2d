-- A synced recommendation adds its order to the queue; a newer one updates the case's copies of it.
-- The lines of all orders are read at once, from the partitions of their days (docs/decisions/0009).
create or replace function refunds.upsert_cases() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  oldest date;
  newest date;
begin
  select min(coalesce(known.first_day, '-infinity')), max(coalesce(known.last_day, 'infinity')) into oldest, newest
  from recommendations
  left join lakeflow.silver_orders as known on known.order_id = recommendations.order_id;
  -- An upsert fires the triggers of both insert and update, one of them without rows.
  if oldest is null then
    return null;
  end if;

  insert into refunds.cases (
    order_id, recommendation_id, delivered_ts, delivery_minutes, location, brand_ids, order_total_usd,
    refund_class, refund_usd, source
  )
  with brands as (
    select line.order_id, array_agg(distinct line.brand_id) as ids
    from recommendations
    join lakeflow.silver_order_items as line on line.order_id = recommendations.order_id
    where line.order_day between oldest and newest and line.brand_id is not null
    group by line.order_id
  )
  select
    r.order_id, r.recommendation_id, r.delivered_ts, r.delivery_minutes, r.location, coalesce(brands.ids, '{}'),
    r.order_total_usd, r.refund_class, r.refund_usd, r.source
  from recommendations as r
  left join brands on brands.order_id = r.order_id
  order by r.order_id
  on conflict (order_id) do update
  set recommendation_id = excluded.recommendation_id, delivered_ts = excluded.delivered_ts,
    delivery_minutes = excluded.delivery_minutes, location = excluded.location, brand_ids = excluded.brand_ids,
    order_total_usd = excluded.order_total_usd, refund_class = excluded.refund_class,
    refund_usd = excluded.refund_usd, source = excluded.source;
  return null;
end
$$;
