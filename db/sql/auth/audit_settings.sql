-- Audits a change of the limits.
create or replace function auth.audit_settings() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(new.changed_by, 'approval_limit', null, jsonb_strip_nulls(jsonb_build_object(
    'approval_limit_usd', new.approval_limit_usd, 'daily_limit_usd', new.daily_limit_usd, 'reason', new.reason
  )));
  return null;
end
$$;
