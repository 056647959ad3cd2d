import type { Connection, Pool } from '#db/client.ts';

/** What is worth keeping for good beside what the database audits by itself. */
export type AuditEntry = {
  actor: string;
  action: 'denied' | 'sign_in_failed' | 'export' | 'reveal';
  subject?: string;
  detail?: Record<string, unknown>;
  requestId?: string;
};

/** Appends a row to the audit, in the transaction of `connection` where it has one. */
export async function appendAudit(connection: Pool | Connection, entry: AuditEntry): Promise<void> {
  const { actor, action, subject = null, detail = {}, requestId = null } = entry;
  await connection.query(
    `select auth.append_audit($1, $2, $3, $4::jsonb || jsonb_strip_nulls(jsonb_build_object('request', $5::text)))`,
    [actor, action, subject, JSON.stringify(detail), requestId],
  );
}
