-- The audit log is append-only.
create trigger audit_log_append_only before update or delete or truncate on auth.audit_log
for each statement execute function lakeflow.refuse_change();
