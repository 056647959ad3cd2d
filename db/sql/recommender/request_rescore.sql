-- Requests that an order is scored again, with what the person knows in `note`; all versions are kept. Returns the
-- number of the run. Only the console and the recommender may call it (db/roles/roles.ts).
create or replace function recommender.request_rescore(wanted_order text, note text, requested_by text) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  next_run integer;
begin
  -- advisoryLockSeeds.rescore: two requests for one order get two numbers.
  perform pg_advisory_xact_lock(hashtextextended(wanted_order, 4027022));
  select 1 + max(run.rerun) into next_run
  from (
    select scored.rerun from recommender.refund_recommendations as scored where scored.order_id = wanted_order
    union all
    select deferred.rerun from recommender.deferred_orders as deferred where deferred.order_id = wanted_order
  ) as run;
  if next_run is null then
    raise exception 'no recommendation for order %', wanted_order using errcode = 'foreign_key_violation';
  end if;
  insert into recommender.deferred_orders (order_id, rerun, since, not_before, note, requested_by)
  values (wanted_order, next_run, clock_timestamp(), '-infinity', nullif(btrim(request_rescore.note), ''),
    request_rescore.requested_by);
  perform pg_notify('refund_recommendations', '');
  return next_run;
end
$$;
revoke execute on function recommender.request_rescore(text, text, text) from public;
