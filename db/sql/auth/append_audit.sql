-- Appends an entry to the audit log. Writers wait here for one another until they commit, so that the chain of hashes
-- has one end. The actor defaults to that of `caspers.request`, which the console sets for its transaction. Only the
-- console may call it (db/roles/roles.ts).
create or replace function auth.append_audit(actor text, action text, subject text, detail jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  entry auth.audit_log;
  request constant jsonb := nullif(current_setting('caspers.request', true), '')::jsonb;
begin
  -- advisoryLocks.auditLog
  perform pg_advisory_xact_lock(4027030);
  select seq, hash into entry.seq, entry.prev_hash from auth.audit_log order by seq desc limit 1;
  entry.seq := coalesce(entry.seq, 0) + 1;
  entry.prev_hash := coalesce(entry.prev_hash, sha256('caspers'::bytea));
  entry.ts := clock_timestamp();
  entry.actor := coalesce(actor, request ->> 'actor', 'system');
  entry.action := action;
  entry.subject := subject;
  entry.detail := coalesce(detail, '{}');
  entry.request_id := request ->> 'requestId';
  entry.hash := auth.audit_hash(entry);
  insert into auth.audit_log values (entry.*);
  return entry.seq;
end
$$;
revoke execute on function auth.append_audit(text, text, text, jsonb) from public;
