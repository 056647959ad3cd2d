-- A place and a class together, in the order of the queue: without these the page is picked from all of its class.
create index cases_location_class on refunds.cases (location, refund_class, delivered_ts desc, order_id desc);
create index cases_open_location_class on refunds.cases (location, refund_class, delivered_ts desc, order_id desc)
  where is_open;
