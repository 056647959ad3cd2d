-- Checks and audits the request to admit a late event to the windowed table that leaves it out. Under the console's role
-- nothing else of a late event may change.
create or replace function lakeflow.audit_admission() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.admit_requested_at is null or old.admit_requested_at is not null then
    if current_setting('role') <> 'caspers_console' then return new; end if;
    raise exception 'the console only asks for admissions'
      using errcode = 'check_violation', constraint = 'pipeline_request';
  end if;
  perform lakeflow.require_engineer(new.requested_by);
  perform auth.append_audit(new.requested_by, 'late_event_admission_requested', new.event_id, jsonb_build_object(
    'dataset', new.dataset, 'order_id', new.order_id, 'ts', new.ts, 'lateness', new.lateness::text
  ));
  return new;
end
$$;
