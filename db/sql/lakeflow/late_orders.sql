-- The orders that a windowed table leaves out because their creation came late: one row per dataset and order. Code
-- that computes such a table from silver, in whole or in part, must leave these out of it.
create or replace view lakeflow.late_orders as
select dataset, order_id
from lakeflow.late_events
where admitted_at is null and dataset <> 'all_events';
