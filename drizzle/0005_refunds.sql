create schema refunds;

-- What people decided, append-only. An order's rows form one chain: one row without `supersedes_id`, every
-- row superseded at most once; the row that nothing supersedes stands.
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
  unique (decided_by, idempotency_key),
  check (amount_usd >= 0 and amount_usd <= order_total_usd),
  check (
    case refund_class
      when 'none' then amount_usd = 0
      when 'full' then amount_usd = order_total_usd and amount_usd > 0
      when 'partial' then amount_usd > 0 and amount_usd < order_total_usd
    end
  )
);
create unique index refund_decisions_one_root on refunds.refund_decisions (order_id) where supersedes_id is null;
create index refund_decisions_order on refunds.refund_decisions (order_id, id);

-- one row per decided order: the decision that stands
create view refunds.standing_decisions as
select decision.*
from refunds.refund_decisions as decision
where not exists (
  select from refunds.refund_decisions as later where later.supersedes_id = decision.id
);

-- the total is the order's own, and a superseding row stays with its order
create function refunds.check_decision() returns trigger
language plpgsql
as $$
declare
  total constant numeric := (
    select sum(extended_price) from lakeflow.silver_order_items where order_id = new.order_id
  );
begin
  if total is null then
    raise exception 'no order %', new.order_id using errcode = 'foreign_key_violation';
  end if;
  if new.order_total_usd <> total then
    raise exception 'order % has a total of %, not %', new.order_id, total, new.order_total_usd
      using errcode = 'check_violation';
  end if;
  if new.supersedes_id is not null and not exists (
    select from refunds.refund_decisions where id = new.supersedes_id and order_id = new.order_id
  ) then
    raise exception 'decision % is not of order %', new.supersedes_id, new.order_id
      using errcode = 'foreign_key_violation';
  end if;
  return new;
end
$$;
create trigger refund_decisions_check before insert on refunds.refund_decisions
for each row execute function refunds.check_decision();

create trigger refund_decisions_append_only before update or delete or truncate on refunds.refund_decisions
for each statement execute function public.refuse_change();

-- the queue by amount, where a recommendation without an answer comes last
create index pg_recommendations_queue_amount
  on recommender.pg_recommendations ((coalesce(refund_usd, -1)) desc, order_id desc);
create index pg_recommendations_location
  on recommender.pg_recommendations (location, delivered_ts desc, order_id desc);
create index pg_recommendations_class
  on recommender.pg_recommendations (refund_class, delivered_ts desc, order_id desc);
