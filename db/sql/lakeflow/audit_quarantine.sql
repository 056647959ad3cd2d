-- Checks and audits what a person asks for a quarantined record: a replay, with the text before and after a correction
-- (each cut at 4,000 characters, with the hash of all of it), or a drop. Under the console's role nothing else may change.
create or replace function lakeflow.audit_quarantine() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  action constant text := case
    when old.dropped_at is null and new.dropped_at is not null then 'quarantine_dropped'
    when old.replay_requested_at is null and new.replay_requested_at is not null then 'quarantine_replay_requested'
  end;
  is_mended constant boolean := new.replacement is not null;
begin
  if action is null then
    if current_setting('role') <> 'caspers_console' then return new; end if;
    raise exception 'the console only asks for replays and drops'
      using errcode = 'check_violation', constraint = 'pipeline_request';
  end if;
  perform lakeflow.require_engineer(new.requested_by);
  perform auth.append_audit(new.requested_by, action, new.id::text, jsonb_strip_nulls(jsonb_build_object(
    'rule', old.rule, 'reason', left(old.reason, 300), 'file', new.source_file, 'line', new.line_no,
    'before', left(old.raw, 4000), 'before_sha256', encode(sha256(convert_to(old.raw, 'UTF8')), 'hex'),
    'after', case when is_mended and action <> 'quarantine_dropped' then left(new.replacement, 4000) end,
    'after_sha256', case when is_mended and action <> 'quarantine_dropped'
      then encode(sha256(convert_to(new.replacement, 'UTF8')), 'hex') end
  )));
  return new;
end
$$;
