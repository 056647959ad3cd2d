-- What the console says of facts that changed later (docs/decisions/0067).

-- The facts that a recommendation was based on before they changed; null where they never did.
alter table recommender.pg_recommendations add column previous_facts jsonb;

-- Whether the facts of a decided order have changed since its decision.
alter table refunds.cases add column facts_changed boolean not null default false;
create index cases_facts_changed on refunds.cases (delivered_ts desc, order_id desc) where facts_changed;
