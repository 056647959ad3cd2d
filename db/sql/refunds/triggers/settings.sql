-- Limits are append-only, and a change of them is audited.
create trigger settings_append_only before update or delete or truncate on refunds.settings
for each statement execute function lakeflow.refuse_change();

create constraint trigger settings_audit after insert on refunds.settings
deferrable initially deferred for each row execute function auth.audit_settings();
