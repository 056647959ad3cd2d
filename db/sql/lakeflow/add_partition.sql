-- Creates the partition of `parent` that holds `day` (UTC), unless it exists: a month of a gold table, a day of any
-- other. Rows of that time that went to the default partition, because the day was implausible before, move into it.
-- Returns whether the partition was created. It runs with the rights of its owner, so that the pipeline needs no
-- right to alter tables.
create or replace function lakeflow.add_partition(parent regclass, day date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  parent_name constant name := (select relname from pg_class where oid = parent);
  is_monthly constant boolean := starts_with(parent_name, 'gold_');
  start constant date := case when is_monthly then date_trunc('month', day)::date else day end;
  stop constant date := case when is_monthly then (start + interval '1 month')::date else start + 1 end;
  partition_name constant name :=
    parent_name || to_char(start, case when is_monthly then '_YYYYMM' else '_YYYYMMDD' end);
  default_name constant name := parent_name || '_default';
  former_default_name constant name := parent_name || '_moving';
  key_column record;
  bounds text[];
  has_rows_to_move boolean;
begin
  if to_regclass('lakeflow.' || quote_ident(partition_name)) is not null then
    return false;
  end if;

  select attname as name, atttypid = 'timestamptz'::regtype as is_time into key_column
  from pg_partitioned_table
  join pg_attribute on attrelid = partrelid and attnum = partattrs[0]
  where partrelid = parent;
  bounds := case
    when key_column.is_time then array[start || ' 00:00+00', stop || ' 00:00+00']
    else array[start, stop]::text[]
  end;

  -- A partition cannot be attached while the default partition has rows of its time.
  execute format('select exists (select from lakeflow.%1$I where %2$I >= %3$L and %2$I < %4$L)',
    default_name, key_column.name, bounds[1], bounds[2]) into has_rows_to_move;
  if has_rows_to_move then
    execute format('alter table %s detach partition lakeflow.%I', parent, default_name);
    execute format('alter table lakeflow.%I rename to %I', default_name, former_default_name);
  end if;

  execute format('create table lakeflow.%I (like %s including all)', partition_name, parent);
  execute format('alter table %s attach partition lakeflow.%I for values from (%L) to (%L)',
    parent, partition_name, bounds[1], bounds[2]);
  perform lakeflow.protect_partition(parent, partition_name);

  if has_rows_to_move then
    execute format('create table lakeflow.%I partition of %s default', default_name, parent);
    perform lakeflow.protect_partition(parent, default_name);
    execute format('insert into %1$s (%2$s) select %2$s from lakeflow.%3$I', parent, (
      select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
      where attrelid = parent and attnum > 0 and not attisdropped and attgenerated = ''), former_default_name);
    execute format('drop table lakeflow.%I', former_default_name);
  end if;
  return true;
end
$$;
