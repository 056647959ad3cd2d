import { type SQL, type SQLWrapper, sql } from 'drizzle-orm/sql';
import type { Column } from './columns.ts';

/** Who changes something and in which request. The audit triggers write both into the rows that they append. */
export type AuditContext = { actor?: string; requestId?: string };

/** A parameter that holds an audit context. */
export const auditContext: Column<AuditContext> = {
  types: ['text'],
  encode: ({ actor, requestId }: AuditContext) => JSON.stringify({ actor, requestId }),
};

/** The SQL expression that sets the audit context for the rest of the transaction. */
export function setAuditContext(context: SQLWrapper): SQL {
  return sql`set_config('caspers.request', ${context}, true)`;
}
