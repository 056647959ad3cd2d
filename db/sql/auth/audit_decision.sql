-- Audits a decision, an undo or a reversal, at the end of the transaction that writes it.
create or replace function auth.audit_decision() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(coalesce(new.approved_by, new.decided_by), new.kind, new.order_id, jsonb_strip_nulls(
    jsonb_build_object(
      'decision_id', new.id, 'refund_class', new.refund_class, 'amount_usd', new.amount_usd, 'reason', new.reason,
      'reason_code', new.reason_code, 'recommendation_id', new.recommendation_id, 'supersedes_id', new.supersedes_id,
      'decided_by', new.decided_by, 'approved_by', new.approved_by, 'approval_id', new.approval_id,
      'batch_id', new.batch_id
    )
  ));
  return null;
end
$$;
