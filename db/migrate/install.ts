import { sql } from 'drizzle-orm/sql';
import type pg from 'pg';
import { text } from '../columns.ts';
import { statement } from '../statement.ts';
import type { Definition } from './sql-source.ts';

/** Creates or replaces a definition; triggers and overloads that its file no longer has are dropped. */
export async function installDefinition(client: pg.Client, definition: Definition): Promise<void> {
  const { kind, name } = definition;
  if (kind === 'triggers') await runAll(client, await dropTriggers(client, { table: name }));
  await runFile(client, definition);
  if (kind === 'function') await runAll(client, await dropFunctions(client, { name }));
}

/** Drops what a file defined that no longer exists, and forgets that it was installed. */
export async function dropDefinition(
  client: pg.Client,
  { kind, name }: Pick<Definition, 'kind' | 'name'>,
): Promise<void> {
  if (kind === 'triggers') await runAll(client, await dropTriggers(client, { table: name }));
  if (kind === 'function') await runAll(client, await dropFunctions(client, { name }));
  if (kind === 'view') await client.query(`drop view if exists ${name}`);
  await client.query('delete from migrations.applied where kind = $1 and name = $2', [kind, name]);
}

/** Runs all statements of a file. @throws Error that names the file and the line. */
export async function runFile(client: pg.Client, file: { path: string; text: string }): Promise<void> {
  try {
    await client.query(file.text);
  } catch (error) {
    const { message, position, hint } = error as pg.DatabaseError;
    const line = position ? `:${file.text.slice(0, Number(position)).split('\n').length}` : '';
    throw new Error(`${file.path}${line}: ${message}${hint ? ` (${hint})` : ''}`, { cause: error });
  }
}

async function runAll(client: pg.Client, statements: { text: string }[]): Promise<void> {
  for (const { text: command } of statements) await client.query(command);
}

const dropTriggers = statement({
  params: { table: text },
  returns: { text },
  sql: ({ table }) => sql`
    select format('drop trigger %I on %s', tgname, tgrelid::regclass) as text
    from pg_trigger
    where tgrelid = to_regclass(${table}) and not tgisinternal
    order by tgname`,
});

/** The functions of a name that this transaction did not write. */
const dropFunctions = statement({
  params: { name: text },
  returns: { text },
  sql: ({ name }) => sql`
    select format('drop function %s', oid::regprocedure) as text
    from pg_proc
    where format('%s.%s', pronamespace::regnamespace, proname) = ${name}
      and xmin::text <> pg_current_xact_id()::xid::text
    order by oid`,
});
