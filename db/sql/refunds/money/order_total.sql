-- The total of an order is the sum of its lines. silver_orders says which days to look in, and a plan made for these
-- very days opens their partitions alone (docs/decisions/0009).
create or replace function refunds.order_total(wanted_order text) returns numeric
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
  first_day date := '-infinity';
  last_day date := 'infinity';
begin
  select known.first_day, known.last_day into first_day, last_day
  from lakeflow.silver_orders as known where known.order_id = wanted_order;
  return (
    select sum(line.extended_price) from lakeflow.silver_order_items as line
    where line.order_id = wanted_order
      and line.order_day between coalesce(first_day, '-infinity') and coalesce(last_day, 'infinity')
  );
end
$$;
