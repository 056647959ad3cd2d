-- Sign-ins and the ends of sessions are audited.
create constraint trigger session_audit after insert on auth.session
deferrable initially deferred for each row execute function auth.audit_session();

create constraint trigger session_end_audit after delete on auth.session
deferrable initially deferred for each row execute function auth.audit_session_end();
