-- What people ask for is checked and audited before it is stored.
create trigger quarantined_records_audit before update on lakeflow.quarantined_records
for each row execute function lakeflow.audit_quarantine();
