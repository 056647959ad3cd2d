-- What a request for approval sets off, in this order: its rules, the move of its case, and at commit the audit.
create trigger approval_requests_append_only before update or delete or truncate on refunds.approval_requests
for each statement execute function lakeflow.refuse_change();

create trigger approval_requests_check before insert on refunds.approval_requests
for each row execute function refunds.check_approval_request();

create trigger approval_requests_move after insert on refunds.approval_requests
for each row execute function refunds.request_moves_case();

create constraint trigger approval_requests_audit after insert on refunds.approval_requests
deferrable initially deferred for each row execute function auth.audit_approval_request();
