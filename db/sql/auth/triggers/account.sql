-- Changes of passwords and of identities at a provider are audited.
create constraint trigger account_password_audit after update on auth.account
deferrable initially deferred for each row when (old.password is distinct from new.password)
execute function auth.audit_account();

create constraint trigger account_linked_audit after insert on auth.account
deferrable initially deferred for each row when (new.provider_id <> 'credential')
execute function auth.audit_account();

create constraint trigger account_unlinked_audit after delete on auth.account
deferrable initially deferred for each row when (old.provider_id <> 'credential')
execute function auth.audit_account();
