-- How people sign in, how their sessions end and every new password are in the audit, whoever writes them.
alter table auth.session add column method text not null default 'password'
  check (method in ('password', 'oidc'));

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

-- a session that is over by time is ended by nobody; of all others the writer says why, for its transaction
create function auth.audit_session_end() returns trigger language plpgsql as $$
declare
  over_by constant text := case
    when old.expires_at <= now() then 'expired'
    when old.last_seen_ts <= now() - interval '30 minutes' then 'idle'
  end;
begin
  perform auth.append_audit(
    case when over_by is not null then 'system' end, 'session_ended',
    coalesce((select email from auth."user" where id = old.user_id), old.user_id),
    jsonb_build_object(
      'session_id', old.id,
      'reason', coalesce(over_by, nullif(current_setting('caspers.ending', true), ''), 'deleted')
    )
  );
  return null;
end
$$;
create constraint trigger session_end_audit after delete on auth.session
deferrable initially deferred for each row execute function auth.audit_session_end();

-- what somebody signs in with: a password that is changed by themselves or set anew by another, an identity elsewhere
create function auth.audit_account() returns trigger language plpgsql as $$
declare
  one constant auth.account := coalesce(new, old);
  owner constant text := coalesce((select email from auth."user" where id = one.user_id), one.user_id);
  actor constant text := nullif(current_setting('caspers.request', true), '')::jsonb ->> 'actor';
begin
  if tg_op = 'UPDATE' then
    perform auth.append_audit(
      null, case when actor = owner then 'password_changed' else 'password_reset' end, owner, null
    );
  else
    perform auth.append_audit(
      case tg_op when 'INSERT' then owner end,
      case tg_op when 'INSERT' then 'identity_linked' else 'identity_unlinked' end,
      owner, jsonb_build_object('provider', one.provider_id, 'account', one.account_id)
    );
  end if;
  return null;
end
$$;
create constraint trigger account_password_audit after update on auth.account
deferrable initially deferred for each row when (old.password is distinct from new.password)
execute function auth.audit_account();
create constraint trigger account_linked_audit after insert on auth.account
deferrable initially deferred for each row when (new.provider_id <> 'credential')
execute function auth.audit_account();
create constraint trigger account_unlinked_audit after delete on auth.account
deferrable initially deferred for each row when (old.provider_id <> 'credential')
execute function auth.audit_account();
