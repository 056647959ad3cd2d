import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { flow } from './flow.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('every table has the columns, the unique key and the partitions that its declaration says', async () => {
  const { rows } = await db.pool.query<{
    table: string;
    columns: string[];
    keys: string[][];
    by: string | null;
  }>(`
    select
      relation.relname as table,
      (select array_agg(attname::text order by attname::text) from pg_attribute
       where attrelid = relation.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
      (select json_agg(columns) from (
         select array_agg(attribute.attname::text order by attribute.attname::text) as columns
         from pg_index as index
         join pg_attribute as attribute on attribute.attrelid = relation.oid and attribute.attnum = any(index.indkey)
         where index.indrelid = relation.oid and index.indisunique
         group by index.indexrelid) as unique_keys) as keys,
      (select attname::text from pg_partitioned_table as partitioned
       join pg_attribute as attribute on attribute.attrelid = partrelid and attribute.attnum = partattrs[0]
       where partrelid = relation.oid) as by
    from pg_class as relation
    where relation.relnamespace = 'lakeflow'::regnamespace and relation.relkind in ('r', 'p')`);
  const found = new Map(rows.map((row) => [row.table, row]));
  for (const { name, columns, key, partitionedBy } of flow) {
    expect(found.get(name)?.columns, name).toEqual([...columns].sort());
    // An index is unique within a partition; across them lakeflow.event_keys and lakeflow.silver_orders see to it.
    const unique = new Set([...key, ...(partitionedBy ? [partitionedBy] : [])]);
    if (name !== 'all_events') expect(found.get(name)?.keys, name).toContainEqual([...unique].sort());
    expect(found.get(name)?.by, name).toBe(partitionedBy);
  }
});
