-- People, sessions, tokens of programs, and the audit of what all of them do.

create table auth."user" (
  id text primary key,
  name text not null,
  email text not null constraint user_email_key unique check (email = lower(email)),
  email_verified boolean not null,
  image text,
  role text not null check (role in ('viewer', 'reviewer', 'lead', 'admin')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  disabled_at timestamptz
);

-- `token` is the hash of the session's token
create table auth.session (
  id text primary key,
  user_id text not null references auth."user" on delete cascade,
  token text not null constraint session_token_key unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  last_seen_ts timestamptz not null default now(),
  method text not null default 'password' check (method in ('password', 'oidc'))
);
create index session_by_user on auth.session (user_id);
create index session_expiry on auth.session (expires_at);

-- how a person may sign in; `password` is a salted hash
create table auth.account (
  id text primary key,
  user_id text not null references auth."user" on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint account_provider unique (provider_id, account_id)
);
create index account_by_user on auth.account (user_id);
-- One identity per issuer and person: `account_id` is the issuer, a space and the issuer's name for the person.
create unique index account_one_identity on auth.account (user_id, split_part(account_id, ' ', 1))
  where provider_id = 'oidc';

create table auth.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index verification_identifier on auth.verification (identifier);

-- The sign-in attempts of the current window, per account and origin, so that attempts from one origin do not lock
-- out another.
create table auth.sign_in_attempts (
  email text not null,
  origin text not null,
  attempts integer not null,
  window_started timestamptz not null,
  primary key (email, origin)
);
create index sign_in_attempts_age on auth.sign_in_attempts (window_started);

-- a program signs in with a token, of which only the hash is stored; it may do what its role may
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

-- AUDIT: append-only; every row carries its own hash and that of the row before
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
