import { sql } from 'drizzle-orm/sql';
import { auditContext, setAuditContext } from '#db/audit-context.ts';
import { type Connection, type Database, inTransaction, type Pool } from '#db/client.ts';
import { json, nullable, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Actor } from '#lib/contract/person.ts';
import { clearIdentityCache } from '../identity/identity.ts';

/** An event that no trigger can see. What changes in the tables is audited by their triggers. */
type AuditEntry = {
  actor: string;
  action: 'denied' | 'sign_in_failed' | 'export' | 'reveal';
  subject?: string;
  detail?: Record<string, unknown>;
  requestId?: string;
};

/** The actor of what is done without signing in. */
export const ANONYMOUS = 'anonymous';

const insertEntry = statement({
  params: {
    actor: text,
    action: text,
    subject: nullable(text),
    detail: json<Record<string, unknown>>(),
    requestId: nullable(text),
  },
  returns: {},
  sql: ({ actor, action, subject, detail, requestId }) => sql`
    select auth.append_audit(
      ${actor}, ${action}, ${subject},
      ${detail}::jsonb || jsonb_strip_nulls(jsonb_build_object('request', ${requestId}::text))
    )`,
});

/** Appends an entry to the audit log, in the transaction of `connection` if it has one. */
export async function appendAudit(connection: Pool | Connection, entry: AuditEntry): Promise<void> {
  const { actor, action, subject = null, detail = {}, requestId = null } = entry;
  await insertEntry(connection, { actor, action, subject, detail, requestId });
}

const setContext = statement({
  params: { context: auditContext },
  returns: {},
  sql: ({ context }) => sql`select ${setAuditContext(context)}`,
});

/**
 * Runs `work` in one transaction whose audit entries name `actor` and the request. For every change to people,
 * sessions and tokens: the next request to this process sees it.
 */
export async function withAuditContext<Result>(
  { pool }: Pick<Database, 'pool'>,
  { email, requestId }: Pick<Actor, 'email' | 'requestId'>,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(pool, async (connection) => {
      await setContext(connection, { context: { actor: email, requestId } });
      return work(connection);
    });
  } finally {
    clearIdentityCache(pool);
  }
}
