-- The schemas, and what has to exist before any table: the time zone of the database and the type of sketches.
create schema simulator;
create schema lakeflow;
create schema recommender;
create schema refunds;
create schema auth;

-- Tools of the agent, which the readers in lib/orders call too. They run with the rights of the caller.
create schema ai;
grant usage on schema ai to public;

-- Every session of the program sets its own time zone; this is for those who open the database with another tool.
do $$ begin
  execute format('alter database %I set timezone to ''UTC''', current_database());
exception when insufficient_privilege then
  raise notice 'only the owner of the database may set its time zone';
end $$;

-- A mergeable sketch of a set of 64-bit hashes (HyperLogLog, p = 12), in one of three forms; null is the empty set.
--   hashes      the sorted set itself, below 1,024 values
--   registers   4,096 registers, from 1,024 values on
--   packed      the registers in as few bytes as they need, for windows that are closed; `exact` is the number of
--               values where that is below 1,024 (docs/decisions/0011)
-- Its functions are in db/sql/lakeflow/hll.
create type lakeflow.hll as (hashes bigint[], registers smallint[], packed bytea, exact integer);
