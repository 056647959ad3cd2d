-- A change of a case's status, holder or claim goes through the rules of steps; the counters follow every change.
create trigger cases_step before update on refunds.cases
for each row when (
  old.status <> new.status
  or (old.status = 'claimed' and (old.assignee, old.due_ts) is distinct from (new.assignee, new.due_ts))
)
execute function refunds.check_step();

create trigger cases_tally_insert after insert on refunds.cases
referencing new table as new_cases
for each statement execute function refunds.tally_cases();

create trigger cases_tally_update after update on refunds.cases
referencing new table as new_cases old table as old_cases
for each statement execute function refunds.tally_cases();

create trigger cases_tally_delete after delete on refunds.cases
referencing old table as old_cases
for each statement execute function refunds.tally_cases();
