create schema auth;

create table auth."user" (
  id text primary key,
  name text not null,
  email text not null constraint user_email_key unique check (email = lower(email)),
  email_verified boolean not null,
  image text,
  role text not null check (role in ('viewer', 'reviewer', 'lead', 'admin')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table auth.session (
  id text primary key,
  user_id text not null references auth."user" on delete cascade,
  token text not null constraint session_token_key unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index session_by_user on auth.session (user_id);

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

create table auth.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index verification_identifier on auth.verification (identifier);

-- one row per e-mail address that somebody tries to sign in with: the tries of the current window
create table auth.sign_in_attempts (
  email text primary key,
  attempts integer not null,
  window_started timestamptz not null
);
