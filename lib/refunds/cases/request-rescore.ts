import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { RescoreInput } from '#lib/contract/case.ts';
import type { Actor } from '#lib/contract/person.ts';
import { NotFoundError } from '#lib/errors.ts';
import { requireRole } from '../rules/permissions.ts';

const queueRescore = statement({
  params: { orderId: text, note: text, person: text },
  returns: {},
  sql: ({ orderId, note, person }) => sql`select recommender.request_rescore(${orderId}, ${note}, ${person})`,
});

/** The code with which recommender.request_rescore refuses an order without a recommendation. */
const NO_RECOMMENDATION = '23503';

/**
 * Asks the recommender to score an order again, with a note that it sees; the earlier recommendation is kept.
 * @throws ForbiddenError; NotFoundError where the recommender, which works on the lakehouse, is not in this database.
 */
export async function requestRescore(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { orderId, note }: RescoreInput,
): Promise<void> {
  requireRole(person, 'reviewer', 'Asking for another recommendation');
  await queueRescore(pool, { orderId, note, person: person.email }).catch((error: unknown) => {
    if ((error as { code?: string }).code !== NO_RECOMMENDATION) throw error;
    throw new NotFoundError(
      `The recommender knows no order ${orderId} in this database. Where the lakehouse is another database, it cannot be asked from here. Nothing was written.`,
    );
  });
}
