-- What the screen of quarantined records needs: who asked for a replay or a drop, and the location that the record's
-- text names, where that can be read.
alter table lakeflow.quarantined_records add column requested_by text;
alter table lakeflow.quarantined_records add column location text
  generated always as (substring(left(raw, 20000) from '"location"[[:space:]]*:[[:space:]]*"([^"\\]{1,100})"')) stored;
create index quarantined_records_location on lakeflow.quarantined_records (location, id) where location is not null;
create index quarantined_records_file on lakeflow.quarantined_records (source_file, id);
create index quarantined_records_time on lakeflow.quarantined_records (quarantined_at);
alter table lakeflow.late_events add column requested_by text;
