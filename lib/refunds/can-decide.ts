import { mayActAs, type Person } from '#lib/contract/person.ts';
import type { Decision, QueueItem } from './types.ts';

export type Permission = { allowed: true } | { allowed: false; disabledReason: string };

/** Whether a person may decide an order now, and if not, why, in words for the screen. */
export function canDecide(asked: {
  person: Pick<Person, 'role'>;
  recommendation: Pick<QueueItem, 'orderId'> | undefined;
  standing: Pick<Decision, 'decidedBy'> | null;
}): Permission {
  const { person, recommendation, standing } = asked;
  if (!mayActAs(person, 'reviewer'))
    return refuse(`Deciding needs the role reviewer, and yours is ${person.role}.`);
  if (!recommendation) return refuse('There is no recommendation for this order yet.');
  if (standing) return refuse(`${standing.decidedBy} has decided this order.`);
  return { allowed: true };
}

const refuse = (disabledReason: string): Permission => ({ allowed: false, disabledReason });
