-- A daily limit: how much a person refunds alone in a day of UTC, set by a lead, null and so off at first. What goes
-- beyond it is a request for approval like everything above the limit of a single refund.
alter table refunds.settings add column daily_limit_usd numeric(18, 2) check (daily_limit_usd >= 0);

-- nobody profits from a limit that they lifted themselves
create function refunds.daily_limit(person text) returns numeric
language sql stable as $$
  select least(
    (select daily_limit_usd from refunds.settings order by id desc limit 1),
    (select daily_limit_usd from refunds.settings where changed_by <> person order by id desc limit 1)
  )
$$;

-- a token acts for the person who made it: all that is one purse
create function refunds.purse_of(person text) returns text[]
language sql stable as $$
  with owner as (
    select coalesce((select created_by from auth.api_tokens where 'token:' || name = person), person) as email
  )
  select array_agg(holder) from (
    select email as holder from owner
    union
    select 'token:' || token.name from auth.api_tokens as token join owner on lower(token.created_by) = lower(owner.email)
  ) as holders
$$;

-- what a person has refunded alone today and nobody has taken back
create function refunds.refunded_today(person text) returns numeric
language sql stable as $$
  select coalesce(sum(decision.amount_usd), 0)
  from refunds.refund_decisions as decision
  where decision.decided_by = any(refunds.purse_of(person))
    and decision.decided_ts >= date_trunc('day', clock_timestamp() at time zone 'UTC') at time zone 'UTC'
    and decision.kind = 'decision' and decision.approval_id is null
    and not exists (select from refunds.refund_decisions as later where later.supersedes_id = decision.id)
$$;

-- where there is a daily limit, a person's decisions wait for one another until they commit
create function refunds.lock_purse(person text) returns void
language plpgsql as $$
begin
  if refunds.daily_limit(person) is not null then
    perform pg_advisory_xact_lock(hashtextextended(min(holder), 28)) from unnest(refunds.purse_of(person)) as holder;
  end if;
end
$$;

-- up to which amount a person makes a single refund alone
create function refunds.single_limit(person text) returns numeric
language sql stable as $$
  select least(
    (select approval_limit_usd from refunds.settings order by id desc limit 1),
    (select approval_limit_usd from refunds.settings where changed_by <> person order by id desc limit 1)
  )
$$;

-- up to which amount a person decides alone now
create or replace function refunds.approval_limit(person text) returns numeric
language sql stable as $$
  select least(
    refunds.single_limit(person),
    case when refunds.daily_limit(person) is not null then
      greatest(refunds.daily_limit(person) - refunds.refunded_today(person), 0)
    end
  )
$$;

create or replace function refunds.check_approval(decision refunds.refund_decisions) returns void
language plpgsql as $$
begin
  perform refunds.lock_purse(decision.decided_by);
  if decision.approval_id is null and decision.amount_usd <= refunds.approval_limit(decision.decided_by) then
    return;
  end if;
  if refunds.may_approve(decision.approved_by) and exists (
    select from refunds.approval_requests as request
    where request.id = decision.approval_id
      and (request.order_id, request.requested_by, request.amount_usd, request.refund_class)
        = (decision.order_id, decision.decided_by, decision.amount_usd, decision.refund_class)
      and not exists (select from refunds.approval_outcomes where request_id = request.id)
  ) and not exists (
    select from auth.api_tokens
    where 'token:' || name = decision.decided_by and lower(created_by) = lower(decision.approved_by)
  ) then
    return;
  end if;
  raise exception 'a refund of % needs the approval of a second person', decision.amount_usd
    using errcode = 'check_violation', constraint = 'decision_approval';
end
$$;

create or replace function auth.audit_settings() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(new.changed_by, 'approval_limit', null, jsonb_strip_nulls(jsonb_build_object(
    'approval_limit_usd', new.approval_limit_usd, 'daily_limit_usd', new.daily_limit_usd, 'reason', new.reason
  )));
  return null;
end
$$;
