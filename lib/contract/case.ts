import { z } from 'zod';
import { flagText } from './codec.ts';
import { orderIdText, reasonText } from './fields.ts';

/** The status of an order in the queue. */
export const caseStatuses = [
  'queued',
  'claimed',
  'pending_approval',
  'decided',
  'reversed',
  'snoozed',
  'escalated',
] as const;
export type CaseStatus = (typeof caseStatuses)[number];

/** The steps that an order may take; the database holds the same table and refuses every other. */
export const caseSteps: Record<CaseStatus, readonly CaseStatus[]> = {
  queued: ['claimed', 'snoozed', 'escalated', 'pending_approval', 'decided'],
  claimed: ['queued', 'snoozed', 'escalated', 'pending_approval', 'decided'],
  snoozed: ['queued', 'claimed', 'escalated', 'pending_approval', 'decided'],
  escalated: ['queued', 'pending_approval', 'decided'],
  pending_approval: ['queued', 'escalated', 'reversed', 'decided'],
  decided: ['queued', 'escalated', 'reversed'],
  reversed: ['pending_approval', 'decided'],
};

/** Whether the order still needs a decision. */
export function isOpen(status: CaseStatus): boolean {
  return status !== 'decided' && status !== 'reversed';
}

/** A request that names an order and nothing else, such as a claim or a release. */
export const orderSchema = z.strictObject({ orderId: orderIdText });

/** Puts an order aside for `minutes`, from five minutes to 30 days. */
export const snoozeSchema = z.strictObject({
  orderId: orderIdText,
  minutes: z.int().min(5, 'Snooze for at least 5 minutes.').max(43_200, 'Snooze for 30 days at most.'),
  note: reasonText,
});

export const escalateSchema = z.strictObject({ orderId: orderIdText, note: reasonText });
/** Asks for another recommendation; the recommender sees the note. */
export const rescoreSchema = z.strictObject({ orderId: orderIdText, note: reasonText });

/** The query of GET /api/orders/{id}/events: the driver's position reports are left out unless asked for. */
export const eventsQuerySchema = z.object({ include_pings: flagText.default(false) });

export type SnoozeInput = z.output<typeof snoozeSchema>;
export type EscalateInput = z.output<typeof escalateSchema>;
export type RescoreInput = z.output<typeof rescoreSchema>;
