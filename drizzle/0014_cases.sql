-- What people do with an order's recommendation: claim, snooze, escalate, ask for approval, decide, undo, reverse.

-- the limit above which a refund needs a second person, append-only; the newest row counts
create table refunds.settings (
  id bigint generated always as identity primary key,
  approval_limit_usd numeric(18, 2) not null check (approval_limit_usd >= 0),
  changed_by text not null,
  changed_ts timestamptz not null default clock_timestamp(),
  reason text not null check (btrim(reason) <> '')
);
insert into refunds.settings (approval_limit_usd, changed_by, reason) values (50, 'installation', 'The first limit');

-- nobody profits from a limit that they raised themselves
create function refunds.approval_limit(person text) returns numeric
language sql stable as $$
  select least(
    (select approval_limit_usd from refunds.settings order by id desc limit 1),
    (select approval_limit_usd from refunds.settings where changed_by <> person order by id desc limit 1)
  )
$$;

alter table auth."user" add column disabled_at timestamptz;

create function refunds.may_approve(person text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from auth."user" where email = person and role in ('lead', 'admin') and disabled_at is null
  )
$$;

-- the steps that an order may take
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
  ('pending_approval', 'queued'), ('pending_approval', 'decided'),
  ('decided', 'queued'), ('decided', 'reversed'),
  ('reversed', 'pending_approval'), ('reversed', 'decided');

-- One row per order in the queue: where it stands, with copies of what the queue is filtered and sorted by, so
-- that one index serves filter and order together. Kept by triggers on pg_recommendations and on the decisions.
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

create function refunds.check_step() returns trigger
language plpgsql as $$
begin
  if not exists (
    select from refunds.case_steps where from_status = old.status and to_status = new.status
  ) then
    raise exception 'an order that is % cannot become %', old.status, new.status
      using errcode = 'check_violation', constraint = 'case_step';
  end if;
  insert into refunds.case_history (order_id, from_status, to_status, person, ts, note, due_ts)
  values (new.order_id, old.status, new.status, new.changed_by, new.changed_ts, new.note, new.due_ts);
  perform pg_notify('refund_cases', new.order_id);
  return new;
end
$$;
create trigger cases_step before update on refunds.cases
for each row when (old.status <> new.status) execute function refunds.check_step();

-- every step that was taken, append-only
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

-- DECISIONS: three kinds; an undo or a reversal follows a decision, and another decision only follows those
alter table refunds.refund_decisions
  add column kind text not null default 'decision' check (kind in ('decision', 'undo', 'reversal')),
  add column reason_code text check (reason_code ~ '^[a-z_]{3,40}$'),
  add column approved_by text,
  add column approval_id bigint unique,
  add column batch_id text,
  add check (kind = 'decision' or refund_class = 'none'),
  add check ((approved_by is null) = (approval_id is null)),
  add check (approved_by is null or lower(approved_by) <> lower(decided_by));
create index refund_decisions_newest on refunds.refund_decisions (id desc);
create index refund_decisions_person on refunds.refund_decisions (decided_by, id desc);

-- a decision above the limit, before the second person; append-only
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

create table refunds.approval_outcomes (
  request_id bigint primary key references refunds.approval_requests,
  outcome text not null check (outcome in ('approved', 'rejected', 'withdrawn')),
  person text not null,
  ts timestamptz not null default clock_timestamp(),
  reason text
);
alter table refunds.refund_decisions
  add foreign key (approval_id) references refunds.approval_requests;

create or replace view refunds.standing_decisions as
select decision.*
from refunds.refund_decisions as decision
where decision.kind <> 'undo' and not exists (
  select from refunds.refund_decisions as later where later.supersedes_id = decision.id
);

-- who is looking at an order, in the last seconds; without worth after a crash
create unlogged table refunds.presence (
  order_id text not null,
  person text not null,
  seen_ts timestamptz not null,
  primary key (order_id, person)
);
create index presence_seen on refunds.presence (seen_ts);

create or replace function refunds.check_decision() returns trigger
language plpgsql as $$
declare
  total constant numeric := (
    select sum(extended_price) from lakeflow.silver_order_items where order_id = new.order_id
  );
  previous refunds.refund_decisions;
begin
  if total is null then
    raise exception 'no order %', new.order_id using errcode = 'foreign_key_violation';
  end if;
  if new.order_total_usd <> total then
    raise exception 'order % has a total of %, not %', new.order_id, total, new.order_total_usd
      using errcode = 'check_violation';
  end if;
  select * into previous from refunds.refund_decisions where id = new.supersedes_id and order_id = new.order_id;
  if new.supersedes_id is not null and previous.id is null then
    raise exception 'decision % is not of order %', new.supersedes_id, new.order_id
      using errcode = 'foreign_key_violation';
  end if;
  if (new.kind = 'decision') = (previous.kind is not distinct from 'decision') then
    raise exception 'a % cannot follow a %', new.kind, coalesce(previous.kind, 'first decision')
      using errcode = 'check_violation', constraint = 'decision_order';
  end if;
  if new.kind = 'undo' and (
    new.decided_by not in (previous.decided_by, coalesce(previous.approved_by, previous.decided_by))
    or clock_timestamp() - previous.decided_ts > interval '30 seconds'
  ) then
    raise exception 'decision % can no longer be undone by %', previous.id, new.decided_by
      using errcode = 'check_violation', constraint = 'decision_undo';
  end if;
  if new.kind = 'decision' then
    perform refunds.check_reason_code(new.source_suggestion, new.refund_class, new.amount_usd, new.reason_code);
    perform refunds.check_approval(new);
  end if;
  return new;
end
$$;

create function refunds.check_reason_code(suggested jsonb, class text, usd numeric, code text) returns void
language plpgsql as $$
begin
  if code is null and suggested ->> 'refund_class' is not null
    and (suggested ->> 'refund_class', (suggested ->> 'refund_usd')::numeric) is distinct from (class, usd)
  then
    raise exception 'a decision that departs from the suggestion needs a reason code'
      using errcode = 'check_violation', constraint = 'decision_reason_code';
  end if;
end
$$;

create function refunds.check_approval(decision refunds.refund_decisions) returns void
language plpgsql as $$
begin
  if decision.approval_id is null and decision.amount_usd <= refunds.approval_limit(decision.decided_by) then
    return;
  end if;
  if refunds.may_approve(decision.approved_by) and exists (
    select from refunds.approval_requests as request
    where request.id = decision.approval_id
      and (request.order_id, request.requested_by, request.amount_usd, request.refund_class)
        = (decision.order_id, decision.decided_by, decision.amount_usd, decision.refund_class)
      and not exists (select from refunds.approval_outcomes where request_id = request.id)
  ) then
    return;
  end if;
  raise exception 'a refund of % needs the approval of a second person', decision.amount_usd
    using errcode = 'check_violation', constraint = 'decision_approval';
end
$$;

create function refunds.check_approval_request() returns trigger
language plpgsql as $$
declare
  total constant numeric := (
    select sum(extended_price) from lakeflow.silver_order_items where order_id = new.order_id
  );
begin
  if total is distinct from new.order_total_usd then
    raise exception 'order % has a total of %, not %', new.order_id, total, new.order_total_usd
      using errcode = 'check_violation';
  end if;
  perform refunds.check_reason_code(new.source_suggestion, new.refund_class, new.amount_usd, new.reason_code);
  return new;
end
$$;
create trigger approval_requests_check before insert on refunds.approval_requests
for each row execute function refunds.check_approval_request();

-- moves an order on behalf of a person who may not step over the one who holds it
create function refunds.move_case(
  moved text, step text, person text, at timestamptz, is_approved boolean, decision refunds.refund_decisions
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  held refunds.cases;
begin
  select * into held from refunds.cases where order_id = moved for update;
  if held.order_id is null then
    raise exception 'no recommendation for order %', moved using errcode = 'foreign_key_violation';
  end if;
  if held.status = 'claimed' and held.assignee <> person and held.due_ts > clock_timestamp() then
    raise exception 'order % is claimed by %', moved, held.assignee
      using errcode = 'check_violation', constraint = 'case_claimed';
  end if;
  if held.status = 'pending_approval' and step = 'decided' and not is_approved then
    raise exception 'order % waits for an approval', moved
      using errcode = 'check_violation', constraint = 'case_pending';
  end if;
  update refunds.cases
  set status = step, assignee = null, due_ts = null, note = null, changed_by = person, changed_ts = at,
    decision_id = case when step in ('decided', 'reversed') then decision.id end,
    decided_class = case when step in ('decided', 'reversed') then decision.refund_class end,
    decided_usd = case when step in ('decided', 'reversed') then decision.amount_usd end
  where order_id = moved;
end
$$;

create function refunds.decision_moves_case() returns trigger
language plpgsql as $$
begin
  perform refunds.move_case(
    new.order_id,
    case new.kind when 'decision' then 'decided' when 'undo' then 'queued' else 'reversed' end,
    coalesce(new.approved_by, new.decided_by), new.decided_ts, new.approval_id is not null, new
  );
  return null;
end
$$;
create trigger refund_decisions_move after insert on refunds.refund_decisions
for each row execute function refunds.decision_moves_case();

create function refunds.request_moves_case() returns trigger
language plpgsql as $$
begin
  perform refunds.move_case(new.order_id, 'pending_approval', new.requested_by, new.requested_ts, false, null);
  return null;
end
$$;
create trigger approval_requests_move after insert on refunds.approval_requests
for each row execute function refunds.request_moves_case();

create function refunds.outcome_moves_case() returns trigger
language plpgsql as $$
begin
  if new.outcome <> 'approved' then
    perform refunds.move_case(
      (select order_id from refunds.approval_requests where id = new.request_id),
      'queued', new.person, new.ts, false, null
    );
  elsif not exists (select from refunds.refund_decisions where approval_id = new.request_id) then
    raise exception 'request % is approved by its decision alone', new.request_id using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create trigger approval_outcomes_move after insert on refunds.approval_outcomes
for each row execute function refunds.outcome_moves_case();

create trigger settings_append_only before update or delete or truncate on refunds.settings
for each statement execute function public.refuse_change();
create trigger case_history_append_only before update or delete or truncate on refunds.case_history
for each statement execute function public.refuse_change();
create trigger approval_requests_append_only before update or delete or truncate on refunds.approval_requests
for each statement execute function public.refuse_change();
create trigger approval_outcomes_append_only before update or delete or truncate on refunds.approval_outcomes
for each statement execute function public.refuse_change();

-- COUNTERS: what to add up per kind of case. A change appends its differences, which makes nobody wait; now and
-- then one statement folds many rows into few. The sum over all rows is exact in every snapshot.
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
);
alter table refunds.tallies set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create function refunds.fold_tallies() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (
    delete from refunds.tallies
    where id in (select id from refunds.tallies order by id for update skip locked)
    returning *
  )
  insert into refunds.tallies (status, refund_class, source, location, decided_class, n, suggested_usd, decided_usd)
  select status, refund_class, source, location, decided_class, sum(n), sum(suggested_usd), sum(decided_usd)
  from gone
  group by status, refund_class, source, location, decided_class
  having sum(n) <> 0 or sum(suggested_usd) <> 0 or sum(decided_usd) <> 0
$$;

create function refunds.tally_cases() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  changes constant text := case tg_op
    when 'INSERT' then 'select 1 as sign, * from arrived'
    when 'DELETE' then 'select -1 as sign, * from departed'
    else 'select 1 as sign, * from arrived union all select -1, * from departed' end;
  is_due boolean;
begin
  execute format($sql$
    with added as (
      insert into refunds.tallies
        (status, refund_class, source, location, decided_class, n, suggested_usd, decided_usd)
      select
        status, refund_class, source, location, decided_class, sum(sign), sum(sign * coalesce(refund_usd, 0)),
        sum(sign * coalesce(decided_usd, 0))
      from (%s) as change
      group by status, refund_class, source, location, decided_class
      having sum(sign) <> 0 or sum(sign * coalesce(refund_usd, 0)) <> 0 or sum(sign * coalesce(decided_usd, 0)) <> 0
      returning id
    )
    select coalesce(bool_or(id %% 256 = 0), false) from added
  $sql$, changes) into is_due;
  if is_due then perform refunds.fold_tallies(); end if;
  return null;
end
$$;
create trigger cases_tally_insert after insert on refunds.cases referencing new table as arrived
for each statement execute function refunds.tally_cases();
create trigger cases_tally_update after update on refunds.cases referencing new table as arrived old table as departed
for each statement execute function refunds.tally_cases();
create trigger cases_tally_delete after delete on refunds.cases referencing old table as departed
for each statement execute function refunds.tally_cases();

-- a recommendation brings its order into the queue, a newer one renews what is copied of it
create function refunds.take_in_recommendations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into refunds.cases as held (
    order_id, recommendation_id, delivered_ts, delivery_minutes, location, brand_ids, order_total_usd,
    refund_class, refund_usd, source
  )
  select
    order_id, recommendation_id, delivered_ts, delivery_minutes, location,
    array(
      select distinct line.brand_id from lakeflow.silver_order_items as line
      where line.order_id = arrived.order_id and line.brand_id is not null
    ),
    order_total_usd, refund_class, refund_usd, source
  from arrived
  order by order_id
  on conflict (order_id) do update
  set recommendation_id = excluded.recommendation_id, delivered_ts = excluded.delivered_ts,
    delivery_minutes = excluded.delivery_minutes, location = excluded.location, brand_ids = excluded.brand_ids,
    order_total_usd = excluded.order_total_usd, refund_class = excluded.refund_class,
    refund_usd = excluded.refund_usd, source = excluded.source;
  return null;
end
$$;
create trigger pg_recommendations_take_in after insert on recommender.pg_recommendations
referencing new table as arrived for each statement execute function refunds.take_in_recommendations();
create trigger pg_recommendations_renew after update on recommender.pg_recommendations
referencing new table as arrived for each statement execute function refunds.take_in_recommendations();

-- an order that nobody has decided leaves the queue together with its recommendation
create function refunds.drop_recommendations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from refunds.cases
  where order_id in (select order_id from departed)
    and not exists (select from refunds.refund_decisions as decision where decision.order_id = cases.order_id);
  return null;
end
$$;
create trigger pg_recommendations_drop after delete on recommender.pg_recommendations
referencing old table as departed for each statement execute function refunds.drop_recommendations();

-- what is there already
insert into refunds.cases (
  order_id, status, recommendation_id, delivered_ts, delivery_minutes, location, brand_ids, order_total_usd,
  refund_class, refund_usd, source, changed_by, changed_ts, decision_id, decided_class, decided_usd
)
select
  r.order_id, case when d.id is null then 'queued' else 'decided' end, r.recommendation_id, r.delivered_ts,
  r.delivery_minutes, r.location,
  array(
    select distinct line.brand_id from lakeflow.silver_order_items as line
    where line.order_id = r.order_id and line.brand_id is not null
  ),
  r.order_total_usd, r.refund_class, r.refund_usd, r.source, d.decided_by, coalesce(d.decided_ts, r.synced_at),
  d.id, d.refund_class, d.amount_usd
from recommender.pg_recommendations as r
left join refunds.standing_decisions as d on d.order_id = r.order_id;

-- the whole queue, and what is open of it, in each of its orders; the planner walks one of them and stops early
create index cases_newest on refunds.cases (delivered_ts desc, order_id desc);
create index cases_amount on refunds.cases ((coalesce(refund_usd, -1)) desc, order_id desc);
create index cases_lateness on refunds.cases (delivery_minutes desc, order_id desc);
create index cases_location on refunds.cases (location, delivered_ts desc, order_id desc);
create index cases_open_newest on refunds.cases (delivered_ts desc, order_id desc) where is_open;
create index cases_open_amount on refunds.cases ((coalesce(refund_usd, -1)) desc, order_id desc) where is_open;
create index cases_open_lateness on refunds.cases (delivery_minutes desc, order_id desc) where is_open;
create index cases_open_location on refunds.cases (location, delivered_ts desc, order_id desc) where is_open;
create index cases_class on refunds.cases (refund_class, delivered_ts desc, order_id desc);
create index cases_brands on refunds.cases using gin (brand_ids);
create index cases_search on refunds.cases (order_id text_pattern_ops);
create index cases_due on refunds.cases (due_ts) where due_ts is not null;
create index cases_assignee on refunds.cases (assignee, delivered_ts desc) where assignee is not null;
create index cases_rare on refunds.cases (status, delivered_ts desc, order_id desc)
  where status not in ('queued', 'decided');

drop index recommender.pg_recommendations_newest, recommender.pg_recommendations_lateness,
  recommender.pg_recommendations_queue_amount, recommender.pg_recommendations_location,
  recommender.pg_recommendations_class;
