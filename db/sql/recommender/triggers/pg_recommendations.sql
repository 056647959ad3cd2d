-- What a synced recommendation changes: the cases of the queue, and the consoles that show them.
create trigger pg_recommendations_inserted after insert on recommender.pg_recommendations
referencing new table as recommendations for each statement execute function refunds.upsert_cases();

create trigger pg_recommendations_updated after update on recommender.pg_recommendations
referencing new table as recommendations for each statement execute function refunds.upsert_cases();

create trigger pg_recommendations_deleted after delete on recommender.pg_recommendations
referencing old table as recommendations for each statement execute function refunds.delete_cases();

create trigger pg_recommendations_notify after insert or update on recommender.pg_recommendations
for each statement execute function recommender.notify_channel('pg_recommendations');

create trigger pg_recommendations_facts before update on recommender.pg_recommendations
for each row when (old.facts is distinct from new.facts)
execute function recommender.keep_previous_facts();
