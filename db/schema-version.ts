import { sql } from 'drizzle-orm/sql';
import { boolean, integer } from './columns.ts';
import { type Runner, statement } from './statement.ts';

/**
 * The version of the schema: rises with every change of a migration in `drizzle/` or a definition in `db/sql/`, so that
 * an older program never writes its definitions over newer ones. It is a constant because the built console has no SQL
 * files beside it.
 */
export const schemaVersion = 20;
/** The hash of those files at this version; a test compares it and says what to write here. */
export const schemaHash = '6b42fd63e9971b517bf2902e8e211bac0073557fd3bb7d151d5b08c5f1e7b158';

/** `unsupported` is a database made before the first release, whose migrations were other ones. */
export type SchemaState = 'empty' | 'unsupported' | 'older' | 'current' | 'newer';

const sentences: Record<SchemaState, string> = {
  empty: 'The database is empty: run npm run db:migrate.',
  unsupported:
    'The database was made before the first release and cannot be brought to this version: run npm run reset, which removes its data, and start again.',
  older: 'The schema is older than this version: run npm run db:migrate.',
  current: 'The schema is that of this version.',
  newer: 'The schema is newer than this version: update the program.',
};

/** Says in one sentence what a state means and what to do about it. */
export function describeSchema(state: SchemaState): string {
  return sentences[state];
}

const findTables = statement({
  returns: { hasVersion: boolean, hasTables: boolean },
  sql: () => sql`
    select to_regclass('migrations.version') is not null as has_version,
      to_regclass('refunds.refund_decisions') is not null as has_tables`,
});

const getVersion = statement({
  returns: { version: integer },
  sql: () => sql`select version from migrations.version`,
});

/** Compares the schema of a database with the version of this program. */
export async function readSchemaState(runner: Runner, version: number = schemaVersion): Promise<SchemaState> {
  const [found] = await findTables(runner, {});
  if (!found?.hasVersion) return found?.hasTables ? 'unsupported' : 'empty';
  const [row] = await getVersion(runner, {});
  if (!row || row.version < version) return 'older';
  return row.version > version ? 'newer' : 'current';
}
