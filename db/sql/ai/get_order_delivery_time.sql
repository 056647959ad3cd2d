-- When an order was created and delivered, and the minutes between: at most one row.
create or replace function ai.get_order_delivery_time(wanted_order text)
returns table (
  order_id text, location text, created_ts timestamptz, delivered_ts timestamptz, delivery_minutes double precision
)
language sql stable parallel safe
as $$
  select delivery.order_id, delivery.location, delivery.created_ts, delivery.delivered_ts, delivery.delivery_minutes
  from lakeflow.silver_deliveries as delivery
  where delivery.order_id = wanted_order
$$;
