-- Audits the answer to a request for approval.
create or replace function auth.audit_approval_outcome() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(
    new.person, 'approval_' || new.outcome,
    (select order_id from refunds.approval_requests where id = new.request_id),
    jsonb_strip_nulls(jsonb_build_object('request_id', new.request_id, 'reason', new.reason))
  );
  return null;
end
$$;
