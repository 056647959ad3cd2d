-- Bronze is append-only; lakeflow.protect_partition does the same for each of its partitions.
create trigger all_events_append_only before update or delete or truncate on lakeflow.all_events
for each statement execute function lakeflow.refuse_change();
