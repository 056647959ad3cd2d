-- Makes a partition of bronze append-only under its own name too: statement triggers of a table do not fire for
-- statements that name one of its partitions.
create or replace function lakeflow.protect_partition(parent regclass, partition name) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if parent = 'lakeflow.all_events'::regclass then
    execute format(
      'create trigger append_only before update or delete or truncate on lakeflow.%I
       for each statement execute function lakeflow.refuse_change()', partition);
  end if;
end
$$;
