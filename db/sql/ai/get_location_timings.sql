-- Percentiles of the minutes from created to delivered at a location, over the 24 hours of event time up to `until`
-- (the start excluded): one row. Without `until`, the 24 hours end with the newest delivery of the location.
create or replace function ai.get_location_timings(wanted_location text, until timestamptz default null)
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
