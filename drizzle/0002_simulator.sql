-- The dimension tables. Foreign keys and location codes are checked at the end of a load (deferrable), because a load
-- may give one row the key of another.
create table simulator.brands (
  brand_id integer primary key,
  name text not null,
  cuisine_type text,
  avg_prep_time_min integer check (avg_prep_time_min > 0)
);

create table simulator.menus (
  id integer primary key,
  brand_id integer not null references simulator.brands deferrable,
  name text not null
);

create table simulator.categories (
  id integer primary key,
  menu_id integer not null references simulator.menus deferrable,
  brand_id integer not null references simulator.brands deferrable,
  name text not null
);

create table simulator.items (
  id integer primary key,
  category_id integer not null references simulator.categories deferrable,
  menu_id integer not null references simulator.menus deferrable,
  brand_id integer not null references simulator.brands deferrable,
  name text not null,
  price numeric(10, 2) not null check (price >= 0)
);

create table simulator.locations (
  location_id integer primary key,
  location_code text not null unique deferrable,
  name text not null,
  address text,
  lat double precision not null,
  lon double precision not null,
  narrative text,
  base_orders_day double precision,
  growth_rate_daily double precision,
  time_zone text,
  opens_at time,
  closes_at time
);

create table simulator.brand_locations (
  brand_location_id integer primary key,
  brand_id integer not null references simulator.brands deferrable,
  location_id integer not null references simulator.locations deferrable,
  start_day integer not null,
  end_day integer check (end_day > start_day),
  trajectory text,
  growth_rate_monthly double precision
);
