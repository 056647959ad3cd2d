-- Audits a request for approval.
create or replace function auth.audit_approval_request() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(new.requested_by, 'approval_request', new.order_id, jsonb_build_object(
    'request_id', new.id, 'refund_class', new.refund_class, 'amount_usd', new.amount_usd, 'reason', new.reason,
    'recommendation_id', new.recommendation_id
  ));
  return null;
end
$$;
