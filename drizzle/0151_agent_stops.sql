-- When an agent stopped because its answers were unusable, several in a row (docs/decisions/0061). `server` is the
-- address of its endpoint without credentials. It is asked again once a person has resumed it.
create table recommender.agent_stops (
  id bigint generated always as identity primary key,
  server text not null,
  model text not null,
  stopped_at timestamptz not null,
  -- so many answers in a row, and why the last of them was unusable
  unusable integer not null check (unusable > 0),
  code text not null,
  resumed_at timestamptz,
  resumed_by text,
  check ((resumed_at is null) = (resumed_by is null))
);
create unique index agent_stops_current on recommender.agent_stops (server, model) where resumed_at is null;

-- What a model behind a server is able to, as its errors have shown; what is not listed works as far as is known.
create table recommender.model_abilities (
  server text not null,
  model text not null,
  abilities jsonb not null,
  learned_at timestamptz not null,
  primary key (server, model)
);
