-- What the answer to a request sets off: the move of its case, and at commit the audit.
create trigger approval_outcomes_append_only before update or delete or truncate on refunds.approval_outcomes
for each statement execute function lakeflow.refuse_change();

create trigger approval_outcomes_move after insert on refunds.approval_outcomes
for each row execute function refunds.outcome_moves_case();

create constraint trigger approval_outcomes_audit after insert on refunds.approval_outcomes
deferrable initially deferred for each row execute function auth.audit_approval_outcome();
