-- needs: lakeflow.refuse_change
-- The function of the append-only tables leaves the schema public, where a managed service allows no function. The
-- triggers of partitions, which no file of db/sql lists, are made again with it; the others follow with their files.
do $$
declare
  found record;
begin
  perform set_config('search_path', 'pg_catalog', true);
  for found in
    select tgname, tgrelid::regclass as held_by, pg_get_triggerdef(oid) as definition
    from pg_trigger
    where tgfoid = to_regprocedure('public.refuse_change()') and tgparentid = 0
  loop
    execute format('drop trigger %I on %s', found.tgname, found.held_by);
    execute replace(found.definition, 'public.refuse_change()', 'lakeflow.refuse_change()');
  end loop;
end
$$;
set local search_path to default;
