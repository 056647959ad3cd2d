-- The history of a table of the lakehouse, newest first; an unknown table is an error, as in Delta.
create or replace function public.describe_history(table_name text)
returns table (
  version bigint, "timestamp" timestamptz, user_name text, operation text,
  operation_parameters jsonb, operation_metrics jsonb
)
language plpgsql stable
as $$
declare
  bare constant text := regexp_replace(describe_history.table_name, '^lakeflow\.', '');
begin
  if to_regclass('lakeflow.' || quote_ident(bare)) is null then
    raise exception 'no table % in lakeflow', bare using errcode = 'undefined_table';
  end if;
  return query
    select h.version, h."timestamp", h.user_name, h.operation, h.operation_parameters, h.operation_metrics
    from lakeflow.table_history as h
    where h.table_name = bare
    order by h.version desc;
end
$$;
