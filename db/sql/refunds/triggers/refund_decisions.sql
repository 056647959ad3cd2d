-- What a decision sets off, in this order: the rules of money, the move of its case, and at commit the audit. A
-- decision is never changed or removed.
create trigger refund_decisions_append_only before update or delete or truncate on refunds.refund_decisions
for each statement execute function lakeflow.refuse_change();

create trigger refund_decisions_check before insert on refunds.refund_decisions
for each row execute function refunds.check_decision();

create trigger refund_decisions_move after insert on refunds.refund_decisions
for each row execute function refunds.decision_moves_case();

create constraint trigger refund_decisions_audit after insert on refunds.refund_decisions
deferrable initially deferred for each row execute function auth.audit_decision();
