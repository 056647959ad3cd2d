-- A recommendation is superseded by a newer one where the facts of its order have changed (docs/decisions/0052).

-- `facts_batch` is that of the order when it was scored, null in rows of before; `revision` counts, from 0, how often
-- changed facts have made another recommendation, so that one scorer version may answer an order once per revision.
alter table recommender.refund_recommendations
  add column facts_batch bigint,
  add column revision integer not null default 0 check (revision >= 0);
drop index recommender.refund_recommendations_terminal;
create unique index refund_recommendations_terminal on recommender.refund_recommendations
  (order_id, policy_version, coalesce(model, ''), coalesce(prompt_version, ''), rerun, revision)
  where source <> 'deferred';
drop index recommender.refund_recommendations_deferred;
create unique index refund_recommendations_deferred on recommender.refund_recommendations (order_id, rerun, revision)
  where source = 'deferred';

-- How far orders that were never delivered have been searched for at each location, by when they were placed. The
-- row without a location is that of the orders without one.
create table recommender.undelivered_searches (
  location text,
  searched_until timestamptz not null,
  unique nulls not distinct (location)
);
insert into recommender.undelivered_searches (location, searched_until)
select location, undelivered_until
from (select location from lakeflow.location_activity union all select null) as known
cross join recommender.stream
where isfinite(undelivered_until);
alter table recommender.stream drop column undelivered_until;

-- Orders whose time for delivery is up, but of which a record waits in quarantine: none is answered before that record
-- is replayed or dropped.
create table recommender.waiting_orders (
  order_id text primary key,
  since timestamptz not null
);
