-- Audits a change of how a person signs in: a password that they changed or that another person reset, and an
-- identity at a provider that was linked or unlinked.
create or replace function auth.audit_account() returns trigger language plpgsql as $$
declare
  account constant auth.account := coalesce(new, old);
  owner constant text := coalesce((select email from auth."user" where id = account.user_id), account.user_id);
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
      owner, jsonb_build_object('provider', account.provider_id, 'account', account.account_id)
    );
  end if;
  return null;
end
$$;
