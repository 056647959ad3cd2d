-- What people do with the recommendation of an order: claim, snooze, escalate, request approval, decide, undo,
-- reverse. The rules are functions in db/sql/refunds.
-- needs: refunds.search_words

-- The limits above which a refund needs a second person: of a single refund, and of what a person refunds alone in a
-- day (UTC; null is no daily limit). Append-only; the newest row is in force.
create table refunds.settings (
  id bigint generated always as identity primary key,
  approval_limit_usd numeric(18, 2) not null check (approval_limit_usd >= 0),
  changed_by text not null,
  changed_ts timestamptz not null default clock_timestamp(),
  reason text not null check (btrim(reason) <> ''),
  daily_limit_usd numeric(18, 2) check (daily_limit_usd >= 0)
);
insert into refunds.settings (approval_limit_usd, changed_by, reason) values (50, 'installation', 'The first limit');

-- A decision above the limit, until a second person answers. Append-only.
create table refunds.approval_requests (
  id bigint generated always as identity primary key,
  order_id text not null,
  requested_ts timestamptz not null default clock_timestamp(),
  requested_by text not null,
  amount_usd numeric(18, 2) not null,
  refund_class text not null check (refund_class in ('partial', 'full')),
  reason_code text check (reason_code ~ '^[a-z_]{3,40}$'),
  reason text not null check (btrim(reason) <> ''),
  order_total_usd numeric(18, 2) not null,
  recommendation_id bigint not null,
  source_suggestion jsonb not null,
  idempotency_key text not null check (length(idempotency_key) between 8 and 200),
  request_hash text not null,
  batch_id text,
  unique (requested_by, idempotency_key),
  check (amount_usd > 0 and amount_usd <= order_total_usd),
  check ((refund_class = 'full') = (amount_usd = order_total_usd))
);
create index approval_requests_order on refunds.approval_requests (order_id, id);

-- the answer to a request, append-only
create table refunds.approval_outcomes (
  request_id bigint primary key references refunds.approval_requests,
  outcome text not null check (outcome in ('approved', 'rejected', 'withdrawn')),
  person text not null,
  ts timestamptz not null default clock_timestamp(),
  reason text
);

-- DECISIONS, append-only. The rows of an order form one chain: one row without `supersedes_id`, and every row is
-- superseded at most once. An undo or a reversal follows a decision, and only those are followed by another decision.
create table refunds.refund_decisions (
  id bigint generated always as identity primary key,
  order_id text not null,
  decided_ts timestamptz not null default clock_timestamp(),
  amount_usd numeric(18, 2) not null,
  refund_class text not null check (refund_class in ('none', 'partial', 'full')),
  reason text not null check (btrim(reason) <> ''),
  decided_by text not null,
  order_total_usd numeric(18, 2) not null,
  recommendation_id bigint not null,
  source_suggestion jsonb not null,
  supersedes_id bigint unique references refunds.refund_decisions,
  idempotency_key text not null check (length(idempotency_key) between 8 and 200),
  request_hash text not null,
  kind text not null default 'decision' check (kind in ('decision', 'undo', 'reversal')),
  reason_code text check (reason_code ~ '^[a-z_]{3,40}$'),
  approved_by text,
  approval_id bigint unique references refunds.approval_requests,
  batch_id text,
  -- the words of the row, for searching
  words tsvector generated always as (refunds.search_words(
    order_id, decided_by, coalesce(approved_by, ''), coalesce(reason_code, ''), reason
  )) stored,
  -- whether a decision differs from what was suggested; null where nothing was suggested
  is_override boolean generated always as (
    case when kind = 'decision' and source_suggestion ->> 'refund_class' is not null then
      (source_suggestion ->> 'refund_class', (source_suggestion ->> 'refund_usd')::numeric)
        is distinct from (refund_class, amount_usd)
    end
  ) stored,
  unique (decided_by, idempotency_key),
  -- an amount never exceeds the total of the order
  check (amount_usd >= 0 and amount_usd <= order_total_usd),
  -- `none` is nothing, `full` is the total, `partial` lies strictly between
  check (
    case refund_class
      when 'none' then amount_usd = 0
      when 'full' then amount_usd = order_total_usd and amount_usd > 0
      when 'partial' then amount_usd > 0 and amount_usd < order_total_usd
    end
  ),
  -- an undo or a reversal refunds nothing
  check (kind = 'decision' or refund_class = 'none'),
  -- an approved decision names its approver and the request that was approved
  check ((approved_by is null) = (approval_id is null)),
  -- a person cannot approve their own decision
  check (approved_by is null or lower(approved_by) <> lower(decided_by))
);
create unique index refund_decisions_one_root on refunds.refund_decisions (order_id) where supersedes_id is null;
-- also serves the beginning of an order's id
create index refund_decisions_order on refunds.refund_decisions (order_id text_pattern_ops, id);
-- the history is read by time, newest first, within each filter that few rows pass
create index refund_decisions_time on refunds.refund_decisions (decided_ts, id);
create index refund_decisions_person on refunds.refund_decisions (decided_by, decided_ts, id);
create index refund_decisions_override on refunds.refund_decisions (decided_ts, id) where is_override;
create index refund_decisions_revoked on refunds.refund_decisions (decided_ts, id) where kind <> 'decision';
create index refund_decisions_words on refunds.refund_decisions using gin (words);

-- CASES: the status changes that an order may go through
create table refunds.case_steps (
  from_status text not null,
  to_status text not null,
  primary key (from_status, to_status)
);
insert into refunds.case_steps (from_status, to_status) values
  ('queued', 'claimed'), ('queued', 'snoozed'), ('queued', 'escalated'),
  ('queued', 'pending_approval'), ('queued', 'decided'),
  ('claimed', 'queued'), ('claimed', 'snoozed'), ('claimed', 'escalated'),
  ('claimed', 'pending_approval'), ('claimed', 'decided'),
  ('snoozed', 'queued'), ('snoozed', 'claimed'), ('snoozed', 'escalated'),
  ('snoozed', 'pending_approval'), ('snoozed', 'decided'),
  ('escalated', 'queued'), ('escalated', 'pending_approval'), ('escalated', 'decided'),
  ('pending_approval', 'queued'), ('pending_approval', 'escalated'), ('pending_approval', 'reversed'),
  ('pending_approval', 'decided'),
  ('decided', 'queued'), ('decided', 'escalated'), ('decided', 'reversed'),
  ('reversed', 'pending_approval'), ('reversed', 'decided');

-- One row per order in the queue: its status, with copies of what the queue is filtered and sorted by, so that one
-- index serves filter and order together. Triggers on pg_recommendations and on the decisions maintain it.
create table refunds.cases (
  order_id text primary key,
  status text not null default 'queued' check (status in (
    'queued', 'claimed', 'pending_approval', 'decided', 'reversed', 'snoozed', 'escalated')),
  is_open boolean not null generated always as (status not in ('decided', 'reversed')) stored,
  assignee text,
  due_ts timestamptz,
  note text,
  changed_by text,
  changed_ts timestamptz not null default clock_timestamp(),
  recommendation_id bigint not null,
  delivered_ts timestamptz not null,
  delivery_minutes double precision not null,
  location text,
  brand_ids integer[] not null,
  order_total_usd numeric(18, 2) not null,
  refund_class text,
  refund_usd numeric(18, 2),
  source text not null,
  decision_id bigint references refunds.refund_decisions,
  decided_class text,
  decided_usd numeric(18, 2),
  check (assignee is not null or status <> 'claimed'),
  check ((due_ts is not null) = (status in ('claimed', 'snoozed')))
);
-- All cases, and the open ones, in each order of the queue; the planner walks one index and stops early. A
-- recommendation without an answer sorts last by amount.
create index cases_newest on refunds.cases (delivered_ts desc, order_id desc);
create index cases_amount on refunds.cases ((coalesce(refund_usd, -1)) desc, order_id desc);
create index cases_lateness on refunds.cases (delivery_minutes desc, order_id desc);
create index cases_location on refunds.cases (location, delivered_ts desc, order_id desc);
create index cases_location_class on refunds.cases (location, refund_class, delivered_ts desc, order_id desc);
create index cases_class on refunds.cases (refund_class, delivered_ts desc, order_id desc);
create index cases_open_newest on refunds.cases (delivered_ts desc, order_id desc) where is_open;
create index cases_open_amount on refunds.cases ((coalesce(refund_usd, -1)) desc, order_id desc) where is_open;
create index cases_open_lateness on refunds.cases (delivery_minutes desc, order_id desc) where is_open;
create index cases_open_location on refunds.cases (location, delivered_ts desc, order_id desc) where is_open;
create index cases_open_location_class on refunds.cases (location, refund_class, delivered_ts desc, order_id desc)
  where is_open;
create index cases_brands on refunds.cases using gin (brand_ids);
create index cases_search on refunds.cases (order_id text_pattern_ops);
create index cases_due on refunds.cases (due_ts) where due_ts is not null;
create index cases_assignee on refunds.cases (assignee, delivered_ts desc) where assignee is not null;
create index cases_rare on refunds.cases (status, delivered_ts desc, order_id desc)
  where status not in ('queued', 'decided');

-- every status change of an order, append-only
create table refunds.case_history (
  id bigint generated always as identity primary key,
  order_id text not null,
  from_status text not null,
  to_status text not null,
  person text,
  ts timestamptz not null,
  note text,
  due_ts timestamptz
);
create index case_history_order on refunds.case_history (order_id, id);

-- COUNTERS: what to add up per kind of case. A change appends its differences, so that writers do not wait for one
-- another; from time to time one statement folds many rows into few. The sum over all rows is exact in every
-- snapshot.
create table refunds.tallies (
  id bigint generated always as identity primary key,
  status text not null,
  refund_class text,
  source text not null,
  location text,
  decided_class text,
  n bigint not null,
  suggested_usd numeric not null,
  decided_usd numeric not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- who is looking at an order, in the last seconds; not worth keeping after a crash
create unlogged table refunds.presence (
  order_id text not null,
  person text not null,
  seen_ts timestamptz not null,
  primary key (order_id, person)
);
create index presence_seen on refunds.presence (seen_ts);

-- filters of the queue that a person has saved under a name; `search` is the query string of the queue's URL
create table refunds.saved_views (
  id bigint generated always as identity primary key,
  person text not null,
  name text not null check (btrim(name) <> '' and length(name) <= 60),
  search text not null check (length(search) <= 2000),
  created_ts timestamptz not null default clock_timestamp(),
  unique (person, name)
);
