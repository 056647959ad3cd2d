-- Makes a table append-only: its rows are never updated or deleted.
create or replace function lakeflow.refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '%.% is append-only: % is refused', tg_table_schema, tg_table_name, lower(tg_op)
    using errcode = 'insufficient_privilege';
end
$$;
