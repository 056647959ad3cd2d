-- Creates the partitions that hold these days in every partitioned table. Returns how many were created.
-- It runs with the rights of its owner, so that the pipeline needs no right to alter tables.
create or replace function lakeflow.add_partitions(days date[]) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp
return (
  select count(*) filter (where lakeflow.add_partition(partrelid, day))
  from pg_partitioned_table
  join pg_class on pg_class.oid = partrelid and relnamespace = 'lakeflow'::regnamespace
  cross join unnest(days) as day
);
