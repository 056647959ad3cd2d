import { mayActAs, type Person, type Role } from '#lib/contract/person.ts';
import { ForbiddenError } from '#lib/errors.ts';
import type { Case, QueueItem } from './records.ts';

/** Whether something may be done now, and if not, why, in words for the screen. */
export type Permission = { allowed: true } | { allowed: false; disabledReason: string };

type Acting = Pick<Person, 'email' | 'role'>;

/** @throws ForbiddenError where a person's role does not include `needed`; `action` begins the sentence. */
export function requireRole(person: Pick<Person, 'role'>, needed: Role, action: string): void {
  if (!mayActAs(person, needed))
    throw new ForbiddenError(`${action} needs the role ${needed}, and yours is ${person.role}.`);
}

/** Whether a person may decide an order now. */
export function canDecide(
  person: Acting,
  recommendation: Pick<QueueItem, 'caseStatus' | 'assignee' | 'decision'> | undefined,
): Permission {
  if (!mayActAs(person, 'reviewer'))
    return toPermission(`Deciding needs the role reviewer, and yours is ${person.role}.`);
  if (!recommendation) return toPermission('There is no recommendation for this order yet.');
  const isLead = mayActAs(person, 'lead');
  const { caseStatus, assignee, decision } = recommendation;
  switch (caseStatus) {
    case 'decided':
      return toPermission(`${decision?.decidedBy ?? 'Another person'} has decided this order.`);
    case 'pending_approval':
      return toPermission('A decision on this order waits for a second person.');
    case 'claimed':
      return toPermission(assignee === person.email ? undefined : `${assignee} is deciding this order.`);
    case 'escalated':
      return toPermission(isLead ? undefined : 'This order is escalated: a lead decides it.');
    case 'reversed':
      return toPermission(
        isLead ? undefined : 'The decision was reversed: a lead can decide this order again.',
      );
    case 'queued':
    case 'snoozed':
      return { allowed: true };
  }
}

/** What people do with an order of the queue short of deciding it. */
export type CaseStep = 'claim' | 'release' | 'snooze' | 'escalate';

/** The steps that make sense in a case's status, each with the permission to take it. */
export function listSteps(
  person: Acting,
  orderCase: Pick<Case, 'status' | 'assignee'>,
): { step: CaseStep; permission: Permission }[] {
  const permission = toPermission(stepDisabledReason(person, orderCase));
  return stepsFrom(orderCase, person.email).map((step) => ({ step, permission }));
}

function stepsFrom({ status, assignee }: Pick<Case, 'status' | 'assignee'>, email: string): CaseStep[] {
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

function stepDisabledReason(
  person: Acting,
  { status, assignee }: Pick<Case, 'status' | 'assignee'>,
): string | undefined {
  if (!mayActAs(person, 'reviewer')) return `This needs the role reviewer, and yours is ${person.role}.`;
  if (status === 'claimed' && assignee !== person.email) return `${assignee} is deciding this order.`;
  if (status === 'escalated' && !mayActAs(person, 'lead')) return 'This order is escalated: a lead has it.';
  return undefined;
}

function toPermission(disabledReason: string | undefined): Permission {
  return disabledReason === undefined ? { allowed: true } : { allowed: false, disabledReason };
}
