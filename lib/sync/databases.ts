import type { Connection, Database } from '#db/client.ts';
import { describeError } from '#db/connection-error.ts';
import { messageOf, OperatorError } from '#lib/errors.ts';

/** The database that recommendations come from, and the one that the console reads. They may be the same. */
export type Databases = { source: Database; target: Database };

/** Opens a connection that says at its next query that it broke, instead of ending the process. */
export async function openConnection(database: Database): Promise<Connection> {
  const connection = await database.pool.connect();
  connection.on('error', () => undefined);
  return connection;
}

/** As `openConnection`, for the source. @throws OperatorError that names it where it is not the console's database. */
export async function openSource(databases: Databases): Promise<Connection> {
  try {
    return await openConnection(databases.source);
  } catch (error) {
    throw isApart(databases) ? new OperatorError(describeUnread(error), { cause: error }) : error;
  }
}

/** What a failure means for people. Where the source is apart, one to connect is its: what fails to be written is not told. */
export function describeFailure(databases: Databases, error: unknown): string {
  const known = describeError(error)?.message;
  if (known?.includes('DATABASE_URL') && isApart(databases) && !(error instanceof OperatorError))
    return describeUnread(error);
  return known ?? messageOf(error);
}

function isApart({ source, target }: Databases): boolean {
  return source !== target;
}

function describeUnread(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
  return `The recommendations cannot be read from the database that LAKEHOUSE_DATABASE_URL names${code}.`;
}
