-- Notifies the channel that the trigger names: there is something new to read.
create or replace function recommender.notify_channel() returns trigger
language plpgsql
as $$ begin perform pg_notify(tg_argv[0], ''); return null; end $$;
