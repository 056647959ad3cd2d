-- Audits a new token and its revocation.
create or replace function auth.audit_token() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(
    case tg_op when 'INSERT' then new.created_by else new.revoked_by end,
    case tg_op when 'INSERT' then 'token_created' else 'token_revoked' end,
    new.name, jsonb_build_object('role', new.role, 'expires_ts', new.expires_ts)
  );
  return null;
end
$$;
