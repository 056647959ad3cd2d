-- The total of an order is the sum of its lines, which the sync carries into this database with the order; null where
-- the order has not been synced.
create or replace function refunds.order_total(wanted_order text) returns numeric
language sql stable as $$
  select synced.total_usd from recommender.pg_orders as synced where synced.order_id = wanted_order
$$;
