-- A decision that overrides the suggestion has a reason code; where nothing was suggested there is nothing to
-- override.
create or replace function refunds.check_reason_code(suggestion jsonb, class text, amount numeric, code text)
returns void
language plpgsql as $$
begin
  if code is null and suggestion ->> 'refund_class' is not null
    and (suggestion ->> 'refund_class', (suggestion ->> 'refund_usd')::numeric) is distinct from (class, amount)
  then
    raise exception 'a decision that overrides the suggestion needs a reason code'
      using errcode = 'check_violation', constraint = 'decision_reason_code';
  end if;
end
$$;
