-- People, sessions, tokens of programs, and the audit of what all of them do.

-- a session's token is stored as its hash alone; the sessions of before end
delete from auth.session;
alter table auth.session add column last_seen_ts timestamptz not null default now();
create index session_expiry on auth.session (expires_at);

-- tries are counted per account and per place they come from, so that nobody's tries count against another
drop table auth.sign_in_attempts;
create table auth.sign_in_attempts (
  email text not null,
  place text not null,
  attempts integer not null,
  window_started timestamptz not null,
  primary key (email, place)
);
create index sign_in_attempts_age on auth.sign_in_attempts (window_started);

-- a program signs in with a token of which only the hash is stored; it may do what its role may
create table auth.api_tokens (
  id bigint generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
  token_hash bytea not null unique,
  role text not null check (role in ('viewer', 'reviewer')),
  created_by text not null,
  created_ts timestamptz not null default clock_timestamp(),
  expires_ts timestamptz not null,
  last_used_ts timestamptz,
  revoked_ts timestamptz,
  revoked_by text
);

-- AUDIT: append-only; every row carries the hash of itself and of the one before
create table auth.audit_log (
  seq bigint primary key,
  ts timestamptz not null,
  actor text not null,
  action text not null,
  subject text,
  detail jsonb not null,
  request_id text,
  prev_hash bytea not null,
  hash bytea not null
);
create index audit_log_actor on auth.audit_log (actor, seq desc);
create index audit_log_subject on auth.audit_log (subject, seq desc) where subject is not null;
create trigger audit_log_append_only before update or delete or truncate on auth.audit_log
for each statement execute function public.refuse_change();

-- jsonb writes its keys in one order, so the text that is hashed is the same wherever it is computed
create function auth.audit_hash(entry auth.audit_log) returns bytea
language sql immutable as $$
  select sha256(entry.prev_hash || convert_to(jsonb_build_array(
    entry.seq, extract(epoch from entry.ts), entry.actor, entry.action, entry.subject, entry.detail, entry.request_id
  )::text, 'UTF8'))
$$;

-- writers wait for one another here until they commit, so that the chain has one end
create function auth.append_audit(actor text, action text, subject text, detail jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  entry auth.audit_log;
  request constant jsonb := nullif(current_setting('caspers.request', true), '')::jsonb;
begin
  perform pg_advisory_xact_lock(4027030);
  select seq, hash into entry.seq, entry.prev_hash from auth.audit_log order by seq desc limit 1;
  entry.seq := coalesce(entry.seq, 0) + 1;
  entry.prev_hash := coalesce(entry.prev_hash, sha256('caspers'::bytea));
  entry.ts := clock_timestamp();
  entry.actor := coalesce(actor, request ->> 'actor', 'system');
  entry.action := action;
  entry.subject := subject;
  entry.detail := coalesce(detail, '{}');
  entry.request_id := request ->> 'requestId';
  entry.hash := auth.audit_hash(entry);
  insert into auth.audit_log values (entry.*);
  return entry.seq;
end
$$;

-- What is audited is so by the database, at the end of the very transaction that does it, whoever the writer is.
create function auth.audit_decision() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(coalesce(new.approved_by, new.decided_by), new.kind, new.order_id, jsonb_strip_nulls(
    jsonb_build_object(
      'decision_id', new.id, 'refund_class', new.refund_class, 'amount_usd', new.amount_usd, 'reason', new.reason,
      'reason_code', new.reason_code, 'recommendation_id', new.recommendation_id, 'supersedes_id', new.supersedes_id,
      'decided_by', new.decided_by, 'approved_by', new.approved_by, 'approval_id', new.approval_id,
      'batch_id', new.batch_id
    )
  ));
  return null;
end
$$;
create constraint trigger refund_decisions_audit after insert on refunds.refund_decisions
deferrable initially deferred for each row execute function auth.audit_decision();

create function auth.audit_approval_request() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(new.requested_by, 'approval_request', new.order_id, jsonb_build_object(
    'request_id', new.id, 'refund_class', new.refund_class, 'amount_usd', new.amount_usd, 'reason', new.reason,
    'recommendation_id', new.recommendation_id
  ));
  return null;
end
$$;
create constraint trigger approval_requests_audit after insert on refunds.approval_requests
deferrable initially deferred for each row execute function auth.audit_approval_request();

create function auth.audit_approval_outcome() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(
    new.person, 'approval_' || new.outcome,
    (select order_id from refunds.approval_requests where id = new.request_id),
    jsonb_strip_nulls(jsonb_build_object('request_id', new.request_id, 'reason', new.reason))
  );
  return null;
end
$$;
create constraint trigger approval_outcomes_audit after insert on refunds.approval_outcomes
deferrable initially deferred for each row execute function auth.audit_approval_outcome();

create function auth.audit_settings() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(new.changed_by, 'approval_limit', null, jsonb_build_object(
    'approval_limit_usd', new.approval_limit_usd, 'reason', new.reason
  ));
  return null;
end
$$;
create constraint trigger settings_audit after insert on refunds.settings
deferrable initially deferred for each row execute function auth.audit_settings();

create function auth.audit_session() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(
    (select email from auth."user" where id = new.user_id), 'sign_in', null,
    jsonb_strip_nulls(jsonb_build_object('session_id', new.id, 'ip', new.ip_address, 'user_agent', left(new.user_agent, 200)))
  );
  return null;
end
$$;
create constraint trigger session_audit after insert on auth.session
deferrable initially deferred for each row execute function auth.audit_session();

create function auth.audit_user() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(null, case tg_op when 'INSERT' then 'person_added' else 'person_changed' end, new.email,
    case tg_op
      when 'INSERT' then jsonb_build_object('role', new.role)
      else jsonb_strip_nulls(jsonb_build_object(
        'role', new.role, 'former_role', nullif(old.role, new.role), 'former_email', nullif(old.email, new.email),
        'disabled', new.disabled_at is not null
      ))
    end);
  return null;
end
$$;
create constraint trigger user_added_audit after insert on auth."user"
deferrable initially deferred for each row execute function auth.audit_user();
create constraint trigger user_changed_audit after update on auth."user"
deferrable initially deferred for each row
when ((old.role, old.email, old.disabled_at) is distinct from (new.role, new.email, new.disabled_at))
execute function auth.audit_user();

create function auth.audit_token() returns trigger language plpgsql as $$
begin
  perform auth.append_audit(
    case tg_op when 'INSERT' then new.created_by else new.revoked_by end,
    case tg_op when 'INSERT' then 'token_created' else 'token_revoked' end,
    new.name, jsonb_build_object('role', new.role, 'expires_ts', new.expires_ts)
  );
  return null;
end
$$;
create constraint trigger api_tokens_audit after insert on auth.api_tokens
deferrable initially deferred for each row execute function auth.audit_token();
create constraint trigger api_tokens_revoked_audit after update on auth.api_tokens
deferrable initially deferred for each row when (old.revoked_ts is null and new.revoked_ts is not null)
execute function auth.audit_token();
