-- A synced recommendation adds its order to the queue; a newer one updates the case's copies of it. The sync writes the
-- orders in the same statement, before this trigger.
-- An order that was decided on other facts than it has now is marked.
create or replace function refunds.upsert_cases() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into refunds.cases (
    order_id, recommendation_id, delivered_ts, delivery_minutes, location, brand_ids, order_total_usd,
    refund_class, refund_usd, source
  )
  select
    r.order_id, r.recommendation_id, r.delivered_ts, r.delivery_minutes, r.location,
    coalesce(synced.brand_ids, '{}'), r.order_total_usd, r.refund_class, r.refund_usd, r.source
  from recommendations as r
  left join recommender.pg_orders as synced on synced.order_id = r.order_id
  order by r.order_id
  on conflict (order_id) do update
  set recommendation_id = excluded.recommendation_id, delivered_ts = excluded.delivered_ts,
    delivery_minutes = excluded.delivery_minutes, location = excluded.location, brand_ids = excluded.brand_ids,
    order_total_usd = excluded.order_total_usd, refund_class = excluded.refund_class,
    refund_usd = excluded.refund_usd, source = excluded.source;

  -- A statement of its own, because it has to see what was decided while the one before it waited for the case.
  update refunds.cases as decided
  set facts_changed = not decided.facts_changed
  from recommendations as r
  join refunds.refund_decisions as decision on decision.order_id = r.order_id
  where decided.order_id = r.order_id and decided.status = 'decided' and decision.id = decided.decision_id
    and decided.facts_changed <> refunds.facts_differ(decision.source_suggestion, r.facts);
  return null;
end
$$;
