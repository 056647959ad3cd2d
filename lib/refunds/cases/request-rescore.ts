import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { RescoreInput } from '#lib/contract/case.ts';
import type { Actor } from '#lib/contract/person.ts';
import { requireRole } from '../rules/permissions.ts';

const requestRerun = statement({
  params: { orderId: text, note: text, person: text },
  returns: {},
  sql: ({ orderId, note, person }) => sql`select recommender.request_rerun(${orderId}, ${note}, ${person})`,
});

/**
 * Asks the recommender to score an order again, with a note that it sees; the earlier recommendation is kept.
 * @throws ForbiddenError.
 */
export async function requestRescore(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { orderId, note }: RescoreInput,
): Promise<void> {
  requireRole(person, 'reviewer', 'Asking for another recommendation');
  await requestRerun(pool, { orderId, note, person: person.email });
}
