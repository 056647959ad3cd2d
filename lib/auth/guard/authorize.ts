import { mayActAs, type Role } from '#lib/contract/person.ts';
import {
  AppError,
  ForbiddenError,
  messageOf,
  TooManyRequestsError,
  UnauthenticatedError,
} from '#lib/errors.ts';
import { ANONYMOUS, appendAudit } from '../audit/write-audit.ts';
import type { Identity } from '../identity/identity.ts';
import type { ConsoleRuntime } from '../identity/runtime.ts';
import { createRateLimiter } from './rate-limiter.ts';
import type { PersonContext } from './types.ts';

/**
 * Checks that a request is from a person who may act as `role`.
 * @throws UnauthenticatedError without an identity, ForbiddenError if the role does not include `role`.
 */
export function authorize(
  { db, clock }: Pick<ConsoleRuntime, 'db' | 'clock'>,
  role: Role,
  identity: Identity | undefined,
  requestId: string,
): PersonContext {
  if (!identity) throw new UnauthenticatedError();
  const person = { ...identity.person, requestId };
  if (!mayActAs(person, role))
    throw new ForbiddenError(`This needs the role ${role}, and yours is ${person.role}. Ask an admin.`);
  return { person, db, clock, requestId };
}

const limitWritesOf = createRateLimiter({ max: 600, seconds: 60 });

/** @throws TooManyRequestsError if a person or program writes more than ten times a second for a minute. */
export function limitWrites({ person, clock }: Pick<PersonContext, 'person' | 'clock'>): void {
  const wait = limitWritesOf(person.id, clock.now());
  if (wait !== undefined)
    throw new TooManyRequestsError(`Too many requests. Nothing was written; try again in ${wait} s.`, wait);
}

/** Requests without a valid proof cost their sender nothing, so the audit takes a limited number; the log has all. */
const limitDenialsOf = createRateLimiter({ max: 60, seconds: 60 });

type DeniedRequest = { actor: string | undefined; target: string; requestId: string };

/** Audits `error` if it is a denial. If the database cannot take the entry, the log has it. */
export async function auditDenial(
  { db, log, clock }: Pick<ConsoleRuntime, 'db' | 'log' | 'clock'>,
  error: unknown,
  { actor = ANONYMOUS, target, requestId }: DeniedRequest,
): Promise<void> {
  if (!(error instanceof AppError) || !['unauthenticated', 'forbidden'].includes(error.code)) return;
  if (limitDenialsOf(actor, clock.now()) !== undefined) return;
  const detail = { code: error.code, reason: error.message };
  await appendAudit(db.pool, {
    actor,
    action: 'denied',
    subject: target.slice(0, 300),
    detail,
    requestId,
  }).catch((failure: unknown) =>
    log.error({ requestId }, `the denial could not be audited: ${messageOf(failure)}`),
  );
}
