import type { Connection } from '#db/client.ts';
import { type Policy, parsePolicy } from './rules.ts';

type Row = { version: string; rules: unknown };

/** The one policy that is active. @throws OperatorError where its rules do not hold. */
export async function getActivePolicy(connection: Pick<Connection, 'query'>): Promise<Policy> {
  const { rows } = await connection.query<Row>('select version, rules from recommender.active_policy');
  const [row] = rows;
  if (!row) throw new Error('there is always one active policy');
  return parsePolicy(row.rules, row.version);
}
