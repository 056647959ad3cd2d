-- The hash of an entry of the audit log. jsonb writes its keys in one order, so the text that is hashed is the same
-- wherever it is computed.
create or replace function auth.audit_hash(entry auth.audit_log) returns bytea
language sql immutable as $$
  select sha256(entry.prev_hash || convert_to(jsonb_build_array(
    entry.seq, extract(epoch from entry.ts), entry.actor, entry.action, entry.subject, entry.detail, entry.request_id
  )::text, 'UTF8'))
$$;
