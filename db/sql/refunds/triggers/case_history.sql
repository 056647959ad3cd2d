-- The history of cases is append-only.
create trigger case_history_append_only before update or delete or truncate on refunds.case_history
for each statement execute function lakeflow.refuse_change();
