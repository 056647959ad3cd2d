-- What people ask for is checked and audited before it is stored.
create trigger late_events_audit before update on lakeflow.late_events
for each row execute function lakeflow.audit_admission();
