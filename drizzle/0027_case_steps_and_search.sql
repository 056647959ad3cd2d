-- SEARCH: words as people write them, in lower case and without punctuation. What is not ASCII stays part of a
-- word in every locale; a word is cut where nobody types on.
create function refunds.search_words(variadic texts text[]) returns tsvector
language sql immutable parallel safe as $$
  select coalesce(array_to_tsvector(array_agg(distinct left(word, 60))), '')
  from regexp_split_to_table(lower(array_to_string(texts, ' ')), '[^a-z0-9\u0080-\U0010ffff]+') as word
  where word <> ''
$$;

-- Every word that is asked for begins a word of the text, one of two letters is a whole word of it; null, which
-- nothing matches, where none is asked for.
create function refunds.search_query(asked text) returns tsquery
language sql immutable parallel safe as $$
  select string_agg(quote_literal(word) || case when word ~ '^[a-z0-9]{1,2}$' then '' else ':*' end, ' & ')::tsquery
  from unnest(tsvector_to_array(refunds.search_words(asked))) as word
$$;

-- `departed`: whether a decision differs from what was suggested; null where there was nothing to agree with
alter table refunds.refund_decisions
  add column words tsvector generated always as (refunds.search_words(
    order_id, decided_by, coalesce(approved_by, ''), coalesce(reason_code, ''), reason
  )) stored,
  add column departed boolean generated always as (
    case when kind = 'decision' and source_suggestion ->> 'refund_class' is not null then
      (source_suggestion ->> 'refund_class', (source_suggestion ->> 'refund_usd')::numeric)
        is distinct from (refund_class, amount_usd)
    end
  ) stored;
create index refund_decisions_words on refunds.refund_decisions using gin (words);

-- the history is read by time, newest first, within each filter that few rows pass
drop index refunds.refund_decisions_newest, refunds.refund_decisions_person, refunds.refund_decisions_order;
create index refund_decisions_time on refunds.refund_decisions (decided_ts, id);
create index refund_decisions_person on refunds.refund_decisions (decided_by, decided_ts, id);
create index refund_decisions_departed on refunds.refund_decisions (decided_ts, id) where departed;
create index refund_decisions_taken_back on refunds.refund_decisions (decided_ts, id) where kind <> 'decision';
-- serves the beginning of an order's id, too
create index refund_decisions_order on refunds.refund_decisions (order_id text_pattern_ops, id);

-- CASES: what is taken back goes to whom it came from, and every step is written down
insert into refunds.case_steps (from_status, to_status) values
  ('decided', 'escalated'), ('pending_approval', 'escalated'), ('pending_approval', 'reversed');

-- A claim or a snooze whose time was over has ended then, whoever finds it; a claim that runs is its holder's alone.
create or replace function refunds.check_step() returns trigger
language plpgsql as $$
declare
  earned constant text[] := '{decided,reversed,pending_approval}';
  is_over constant boolean := coalesce(old.due_ts <= clock_timestamp(), false);
begin
  if old.status = new.status and old.assignee = new.assignee and not is_over then
    return new;
  end if;
  if old.status = 'claimed' and not is_over and new.changed_by is distinct from old.assignee then
    raise exception 'order % is claimed by %', new.order_id, old.assignee
      using errcode = 'check_violation', constraint = 'case_claimed';
  end if;
  if not exists (
    select from refunds.case_steps
    where from_status = case when is_over and new.status <> 'queued' then 'queued' else old.status end
      and to_status = new.status
  ) or (current_user = 'caspers_console' and (old.status = any(earned) or new.status = any(earned))) then
    raise exception 'an order that is % cannot become %', old.status, new.status
      using errcode = 'check_violation', constraint = 'case_step';
  end if;
  if is_over then
    insert into refunds.case_history (order_id, from_status, to_status, ts)
    values (new.order_id, old.status, 'queued', old.due_ts);
  end if;
  if not is_over or new.status <> 'queued' then
    insert into refunds.case_history (order_id, from_status, to_status, person, ts, note, due_ts)
    values (
      new.order_id, case when is_over then 'queued' else old.status end, new.status, new.changed_by,
      new.changed_ts, new.note, new.due_ts
    );
  end if;
  perform pg_notify('refund_cases', new.order_id);
  return new;
end
$$;
drop trigger cases_step on refunds.cases;
create trigger cases_step before update on refunds.cases
for each row when (
  old.status <> new.status
  or (old.status = 'claimed' and (old.assignee, old.due_ts) is distinct from (new.assignee, new.due_ts))
)
execute function refunds.check_step();

-- Where an order goes when its decision or its request is taken back: what was the leads' is the leads' again.
create function refunds.way_back(moved text) returns text
language sql stable as $$
  select coalesce(max(came.from_status) filter (where came.from_status in ('escalated', 'reversed')), 'queued')
  from (
    select from_status from refunds.case_history
    where order_id = moved and to_status in ('pending_approval', 'decided') and from_status <> 'pending_approval'
    order by id desc
    limit 1
  ) as came
$$;

create or replace function refunds.move_case(
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
  if step = 'reversed' and decision.kind is distinct from 'reversal' then
    select * into decision from refunds.refund_decisions
    where order_id = moved and kind = 'reversal' order by id desc limit 1;
  end if;
  update refunds.cases
  set status = step, assignee = null, due_ts = null, changed_by = person, changed_ts = at,
    note = case when step = 'escalated' then (
      select history.note from refunds.case_history as history
      where history.order_id = moved and history.to_status = 'escalated' order by history.id desc limit 1
    ) end,
    decision_id = case when step in ('decided', 'reversed') then decision.id end,
    decided_class = case when step in ('decided', 'reversed') then decision.refund_class end,
    decided_usd = case when step in ('decided', 'reversed') then decision.amount_usd end
  where order_id = moved;
end
$$;

create or replace function refunds.decision_moves_case() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform refunds.move_case(
    new.order_id,
    case new.kind when 'decision' then 'decided' when 'undo' then refunds.way_back(new.order_id) else 'reversed' end,
    coalesce(new.approved_by, new.decided_by), new.decided_ts, new.approval_id is not null, new
  );
  return null;
end
$$;

create or replace function refunds.outcome_moves_case() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  moved constant text := (select order_id from refunds.approval_requests where id = new.request_id);
begin
  if new.outcome <> 'approved' then
    perform refunds.move_case(moved, refunds.way_back(moved), new.person, new.ts, false, null);
  elsif not exists (select from refunds.refund_decisions where approval_id = new.request_id) then
    raise exception 'request % is approved by its decision alone', new.request_id using errcode = 'check_violation';
  end if;
  return null;
end
$$;
