import { and, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Connection, Pool } from '#db/client.ts';
import { prepared } from '#db/prepared.ts';
import { refundDecisions } from '#db/schema/refunds.ts';
import { keyReused } from './conflicts.ts';
import type { KeyedRequest } from './decide-request.ts';
import { type ApprovalRow, approvalColumns, readApproval } from './read-approval.ts';
import { readDecision } from './read-decision.ts';
import type { ApprovalRequest, Decision } from './types.ts';

/** What a request has led to: a decision, or above the limit a request for approval. */
export type Result =
  | { decision: Decision; approval?: undefined }
  | { decision?: undefined; approval: ApprovalRequest };

/**
 * What a person's idempotency key has led to, if anything.
 * @throws ConflictError `idempotency_key_reused` where it was another request.
 */
export async function findByKey(
  connection: Connection | Pool,
  request: KeyedRequest,
): Promise<Result | undefined> {
  if (!(await isKnown(connection, request))) return undefined;
  const found = await findKept(connection, request);
  if (!found) return undefined;
  const { hash, result } = found;
  if (hash !== request.hash) throw keyReused(result.approval ?? result.decision);
  return result;
}

/** What a person's key has led to, whatever it asked for, with the fingerprint of that. */
export async function findKept(
  connection: Connection | Pool,
  key: Keyed,
): Promise<{ hash: string; result: Result } | undefined> {
  const approval = await findApproval(connection, key);
  if (approval) return { hash: approval.request_hash, result: { approval: readApproval(approval) } };
  const row = await findDecision(connection, key);
  return row && { hash: row.requestHash, result: { decision: readDecision(row) } };
}

type Keyed = Pick<KeyedRequest, 'decidedBy' | 'idempotencyKey'>;

const KNOWN = `
    -- one row: whether a key has led to anything, which the first use of it has not
    select exists (
      select from refunds.approval_requests where requested_by = $1 and idempotency_key = $2
      union all
      select from refunds.refund_decisions where decided_by = $1 and idempotency_key = $2
    ) as known`;

async function isKnown(connection: Connection | Pool, request: KeyedRequest): Promise<boolean> {
  const { decidedBy, idempotencyKey } = request;
  const { rows } = await connection.query<{ known: boolean }>(prepared(KNOWN, [decidedBy, idempotencyKey]));
  return rows[0]?.known === true;
}

async function findDecision(connection: Connection | Pool, { decidedBy, idempotencyKey }: Keyed) {
  const [row] = await drizzle({ client: connection })
    .select()
    .from(refundDecisions)
    .where(and(eq(refundDecisions.decidedBy, decidedBy), eq(refundDecisions.idempotencyKey, idempotencyKey)));
  return row;
}

async function findApproval(connection: Connection | Pool, request: Keyed) {
  const { rows } = await connection.query<ApprovalRow & { request_hash: string }>(
    `select ${approvalColumns}, request_hash from refunds.approval_requests
    where requested_by = $1 and idempotency_key = $2`,
    [request.decidedBy, request.idempotencyKey],
  );
  return rows[0];
}
