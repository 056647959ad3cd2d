import type { QueryResult, QueryResultRow } from 'pg';
import type { Connection } from '#db/client.ts';

/**
 * Asks as the user who signed in and not as the role that the connection has assumed: to that one Postgres does not
 * tell what other sessions do, nor let it end them. Values stand in the text, so they have to be numbers.
 */
export async function askAsOwner<Row extends QueryResultRow>(
  connection: Pick<Connection, 'query'>,
  sql: string,
  timeoutMs?: number,
): Promise<Row[]> {
  const question = {
    text: `begin; set local role none; ${sql}; commit`,
    ...(timeoutMs && { query_timeout: timeoutMs }),
  };
  const results: unknown = await connection.query(question);
  return (results as QueryResult<Row>[])[2]?.rows ?? [];
}
