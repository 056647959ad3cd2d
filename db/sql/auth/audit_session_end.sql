-- Audits the end of a session. A session that has expired or was idle for too long was ended by the system; for any
-- other, the transaction that deletes it gives the reason in `caspers.session_end_reason`.
create or replace function auth.audit_session_end() returns trigger language plpgsql as $$
declare
  timed_out constant text := case
    when old.expires_at <= now() then 'expired'
    when old.last_seen_ts <= now() - interval '30 minutes' then 'idle'
  end;
begin
  perform auth.append_audit(
    case when timed_out is not null then 'system' end, 'session_ended',
    coalesce((select email from auth."user" where id = old.user_id), old.user_id),
    jsonb_build_object(
      'session_id', old.id,
      'reason', coalesce(timed_out, nullif(current_setting('caspers.session_end_reason', true), ''), 'deleted')
    )
  );
  return null;
end
$$;
