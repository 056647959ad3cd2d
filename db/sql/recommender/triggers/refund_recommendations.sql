-- A new recommendation wakes the sync.
create trigger refund_recommendations_notify after insert on recommender.refund_recommendations
for each statement execute function recommender.notify_channel('refund_recommendations');
