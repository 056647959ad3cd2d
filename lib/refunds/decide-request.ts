import { createHash } from 'node:crypto';
import type { DecideRefundInput } from '#lib/contract/decision.ts';
import { amountText } from '#lib/contract/fields.ts';
import type { Actor } from '#lib/contract/person.ts';
import { ValidationError } from '#lib/errors.ts';
import { type Cents, parseUsd } from '#lib/money.ts';

/** What tells a repeated request from a new one. */
export type KeyedRequest = {
  orderId: string;
  decidedBy: string;
  idempotencyKey: string;
  hash: string;
  /** The request that the audit names. */
  requestId?: string;
};

/** What a person asks for: `amount` in cents, and a `hash` that tells whether a key is sent again with the same. */
export type DecideRequest = DecideRefundInput & KeyedRequest & { amount: Cents; batchId?: string };

/** @throws ValidationError where the amount is not plain dollars and cents. */
export function readRequest(
  person: Pick<Actor, 'email' | 'requestId'>,
  input: DecideRefundInput,
): DecideRequest {
  const amount = amountText.safeParse(input.amountUsd).success ? parseUsd(input.amountUsd) : undefined;
  if (amount === undefined)
    throw new ValidationError('amountUsd', 'Enter the amount in dollars and cents, as in 4.50.');
  const { orderId, recommendationId = null, refundClass, reason, reasonCode = null } = input;
  const hash = hashOf([orderId, recommendationId, refundClass, amount, reason, reasonCode]);
  return { ...input, amount, decidedBy: person.email, hash, requestId: person.requestId };
}

/** The fingerprint of what a request asks for. */
export function hashOf(body: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}
