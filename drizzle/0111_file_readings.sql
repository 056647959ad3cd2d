-- A file that has grown or was written again is read again: one row per reading, the newest of which is what the file
-- was when it was last read (docs/decisions/0053). `path` within `volume` is the source_file of its events in the batch.
alter table lakeflow.ingested_files drop constraint ingested_files_pkey;
alter table lakeflow.ingested_files add primary key (volume, path, batch_id);
