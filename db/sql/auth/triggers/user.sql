-- New people, and changes of their role, address or access, are audited.
create constraint trigger user_added_audit after insert on auth."user"
deferrable initially deferred for each row execute function auth.audit_user();

create constraint trigger user_changed_audit after update on auth."user"
deferrable initially deferred for each row
when ((old.role, old.email, old.disabled_at) is distinct from (new.role, new.email, new.disabled_at))
execute function auth.audit_user();
