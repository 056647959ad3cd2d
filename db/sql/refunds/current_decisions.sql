-- The current decision of every order that has one: the row that no other supersedes, unless it is an undo.
create or replace view refunds.current_decisions as
select decision.*
from refunds.refund_decisions as decision
where decision.kind <> 'undo' and not exists (
  select from refunds.refund_decisions as later where later.supersedes_id = decision.id
);
