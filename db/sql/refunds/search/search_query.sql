-- The query for what a person types: every word must begin a word of the text, and one of one or two letters must be
-- a whole word of it. Null, which matches nothing, where no word was typed.
create or replace function refunds.search_query(typed text) returns tsquery
language sql immutable parallel safe as $$
  select string_agg(quote_literal(word) || case when word ~ '^[a-z0-9]{1,2}$' then '' else ':*' end, ' & ')::tsquery
  from unnest(tsvector_to_array(refunds.search_words(typed))) as word
$$;
