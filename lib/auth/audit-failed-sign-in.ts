import type { Pool } from '#db/client.ts';
import { appendAudit } from './append-audit.ts';
import { PEER_HEADER } from './identity/trusted-proxy';
import { REQUEST_HEADER } from './request-header.ts';

/** Keeps in the audit that a password did not let somebody in, from where, and what whoever tried is not told: why. */
export async function auditFailedSignIn(pool: Pool, email: string, headers: Headers): Promise<void> {
  const { rows } = await pool.query<{ is_disabled: boolean }>(
    'select disabled_at is not null as is_disabled from auth."user" where email = lower($1)',
    [email],
  );
  const reason = rows[0] ? (rows[0].is_disabled ? 'disabled' : 'wrong_password') : 'unknown';
  await appendAudit(pool, {
    actor: 'nobody',
    action: 'sign_in_failed',
    detail: { method: 'password', email, reason, ip: headers.get(PEER_HEADER) },
    requestId: headers.get(REQUEST_HEADER) ?? undefined,
  });
}
