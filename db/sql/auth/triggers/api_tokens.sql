-- New tokens and their revocations are audited.
create constraint trigger api_tokens_audit after insert on auth.api_tokens
deferrable initially deferred for each row execute function auth.audit_token();

create constraint trigger api_tokens_revoked_audit after update on auth.api_tokens
deferrable initially deferred for each row when (old.revoked_ts is null and new.revoked_ts is not null)
execute function auth.audit_token();
