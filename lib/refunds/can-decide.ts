import { mayActAs, type Person } from '#lib/contract/person.ts';
import type { QueueItem } from './types.ts';

export type Permission = { allowed: true } | { allowed: false; disabledReason: string };

type Asked = {
  person: Pick<Person, 'email' | 'role'>;
  recommendation: Pick<QueueItem, 'caseStatus' | 'assignee' | 'decision'> | undefined;
};

/** Whether a person may decide an order now, and if not, why, in words for the screen. */
export function canDecide({ person, recommendation }: Asked): Permission {
  if (!mayActAs(person, 'reviewer'))
    return refuse(`Deciding needs the role reviewer, and yours is ${person.role}.`);
  if (!recommendation) return refuse('There is no recommendation for this order yet.');
  const reason = whyNot(recommendation, person);
  return reason === undefined ? { allowed: true } : refuse(reason);
}

function whyNot(
  { caseStatus, assignee, decision }: NonNullable<Asked['recommendation']>,
  person: Asked['person'],
): string | undefined {
  const isLead = mayActAs(person, 'lead');
  switch (caseStatus) {
    case 'decided':
      return `${decision?.decidedBy ?? 'Somebody'} has decided this order.`;
    case 'pending_approval':
      return 'A decision on this order waits for a second person.';
    case 'claimed':
      return assignee === person.email ? undefined : `${assignee} is deciding this order.`;
    case 'escalated':
      return isLead ? undefined : 'This order is escalated: a lead decides it.';
    case 'reversed':
      return isLead ? undefined : 'The decision was reversed: a lead decides this order anew.';
    case 'queued':
    case 'snoozed':
      return undefined;
  }
}

const refuse = (disabledReason: string): Permission => ({ allowed: false, disabledReason });
