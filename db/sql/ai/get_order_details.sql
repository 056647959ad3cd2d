-- The lines of an order, with the names of brand and location: one row per line.
create or replace function ai.get_order_details(wanted_order text)
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
