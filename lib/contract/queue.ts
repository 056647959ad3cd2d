import { refundClasses } from './refund.ts';

/** What a row can be filtered by: a suggested class, or that the scorer gave no answer. */
export const queueClasses = [...refundClasses, 'unanswered'] as const;
export type QueueClass = (typeof queueClasses)[number];

/** `pending` is all that is open, `decided` all that is settled; the others are single statuses. */
export const queueStatuses = [
  'pending',
  'decided',
  'all',
  'queued',
  'claimed',
  'pending_approval',
  'snoozed',
  'escalated',
  'reversed',
] as const;

export const queueSorts = ['newest', 'oldest', 'amount', 'lateness'] as const;
export type QueueSort = (typeof queueSorts)[number];
