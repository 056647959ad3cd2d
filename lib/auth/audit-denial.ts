import { AppError, messageOf } from '#lib/errors.ts';
import { appendAudit } from './append-audit.ts';
import type { ConsoleRuntime } from './console-runtime.ts';
import { createLimiter } from './limiter.ts';

const DENIALS = new Set(['unauthenticated', 'forbidden']);
/** What nobody proves to have sent is bounded, so that a stranger cannot fill the disk; the log has all of it. */
const admit = createLimiter({ max: 60, seconds: 60 });

export type Denied = { actor: string | undefined; what: string; requestId: string };

/** Keeps a denial in the audit, if `error` is one. A database that cannot take it leaves it to the log. */
export async function auditDenial(
  { db, log, clock }: Pick<ConsoleRuntime, 'db' | 'log' | 'clock'>,
  error: unknown,
  { actor = 'nobody', what, requestId }: Denied,
): Promise<void> {
  if (!(error instanceof AppError) || !DENIALS.has(error.code)) return;
  const wait = admit(actor, clock.now());
  if (wait !== undefined) return;
  const detail = { code: error.code, reason: error.message };
  await appendAudit(db.pool, {
    actor,
    action: 'denied',
    subject: what.slice(0, 300),
    detail,
    requestId,
  }).catch((failure: unknown) =>
    log.error({ requestId }, `a denial is not in the audit: ${messageOf(failure)}`),
  );
}
