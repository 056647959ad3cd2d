-- Audits a sign-in: a new session, with how and from where it was made.
create or replace function auth.audit_session() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(
    (select email from auth."user" where id = new.user_id), 'sign_in', null,
    jsonb_strip_nulls(jsonb_build_object(
      'session_id', new.id, 'method', new.method, 'ip', new.ip_address, 'user_agent', left(new.user_agent, 200)
    ))
  );
  return null;
end
$$;
