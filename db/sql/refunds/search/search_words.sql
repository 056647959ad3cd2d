-- The words of texts as people type them: lower case, without punctuation, cut at 60 characters. What is not ASCII
-- stays part of a word in every locale. refund_decisions stores the result in a generated column, so a change needs a
-- migration that computes it again.
create or replace function refunds.search_words(variadic texts text[]) returns tsvector
language sql immutable parallel safe as $$
  select coalesce(array_to_tsvector(array_agg(distinct left(word, 60))), '')
  from regexp_split_to_table(lower(array_to_string(texts, ' ')), '[^a-z0-9\u0080-\U0010ffff]+') as word
  where word <> ''
$$;
