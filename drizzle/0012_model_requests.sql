-- One row per request to a model, written before the request goes: what was spent outlives a crash, and so does each
-- reply. `scorer` names model, prompt, policy and note; `turn` counts the requests of one conversation from 1.
create table recommender.model_requests (
  id bigint generated always as identity primary key,
  order_id text not null,
  scorer text not null,
  turn integer not null check (turn > 0),
  model text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- 'replied' or why there was no reply; null while under way, and for ever after a crash
  outcome text,
  reply jsonb,
  prompt_tokens integer,
  completion_tokens integer,
  check ((reply is not null) = (outcome is not distinct from 'replied')),
  check ((outcome is null) = (ended_at is null))
);
create index model_requests_conversation on recommender.model_requests (order_id, scorer, turn);
create index model_requests_started on recommender.model_requests (started_at);
