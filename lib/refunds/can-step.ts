import { mayActAs, type Person } from '#lib/contract/person.ts';
import type { Permission } from './can-decide.ts';
import type { Case } from './types.ts';

/** What people do with an order of the queue short of deciding it. */
export type CaseStep = 'claim' | 'release' | 'snooze' | 'escalate';

type Asked = { person: Pick<Person, 'email' | 'role'>; standing: Pick<Case, 'status' | 'assignee'> };

/** The steps that make sense where an order stands; each is allowed, or says why not in words for the screen. */
export function listSteps({ person, standing }: Asked): { step: CaseStep; permission: Permission }[] {
  const refusal = whyNot({ person, standing });
  const permission: Permission =
    refusal === undefined ? { allowed: true } : { allowed: false, disabledReason: refusal };
  return stepsFrom(standing, person.email).map((step) => ({ step, permission }));
}

function stepsFrom({ status, assignee }: Asked['standing'], email: string): CaseStep[] {
  switch (status) {
    case 'queued':
      return ['claim', 'snooze', 'escalate'];
    case 'claimed':
      return assignee === email ? ['release', 'snooze', 'escalate'] : ['claim', 'snooze', 'escalate'];
    case 'snoozed':
      return ['claim', 'release', 'escalate'];
    case 'escalated':
      return ['release'];
    case 'pending_approval':
    case 'decided':
    case 'reversed':
      return [];
  }
}

function whyNot({ person, standing: { status, assignee } }: Asked): string | undefined {
  if (!mayActAs(person, 'reviewer')) return `This needs the role reviewer, and yours is ${person.role}.`;
  if (status === 'claimed' && assignee !== person.email) return `${assignee} is deciding this order.`;
  if (status === 'escalated' && !mayActAs(person, 'lead')) return 'This order is escalated: a lead has it.';
  return undefined;
}
