-- Audits a new person, and a change of a person's role, address or access.
create or replace function auth.audit_user() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(null, case tg_op when 'INSERT' then 'person_added' else 'person_changed' end, new.email,
    case tg_op
      when 'INSERT' then jsonb_build_object('role', new.role)
      else jsonb_strip_nulls(jsonb_build_object(
        'role', new.role, 'former_role', nullif(old.role, new.role), 'former_email', nullif(old.email, new.email),
        'disabled', new.disabled_at is not null
      ))
    end);
  return null;
end
$$;
