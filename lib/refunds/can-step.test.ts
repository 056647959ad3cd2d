import { expect, test } from 'vitest';
import { type CaseStatus, caseStatuses, caseSteps } from '#lib/contract/case.ts';
import type { Role } from '#lib/contract/person.ts';
import { type CaseStep, listSteps } from './can-step.ts';

const someone = (role: Role) => ({ email: 'a@x', role });
const list = (role: Role, status: CaseStatus, assignee: string | null = null) =>
  listSteps({ person: someone(role), standing: { status, assignee } });
const allowed = (role: Role, status: CaseStatus, assignee: string | null = null) =>
  list(role, status, assignee).flatMap(({ step, permission }) => (permission.allowed ? [step] : []));
const leadsTo: Record<CaseStep, CaseStatus> = {
  claim: 'claimed',
  release: 'queued',
  snooze: 'snoozed',
  escalate: 'escalated',
};

test('no step is offered that the order cannot take', () => {
  for (const status of caseStatuses)
    for (const step of allowed('admin', status)) expect(caseSteps[status]).toContain(leadsTo[step]);
});

test('a claim of one’s own is released, that of another is waited for', () => {
  expect(allowed('reviewer', 'claimed', 'a@x')).toEqual(['release', 'snooze', 'escalate']);
  expect(allowed('lead', 'claimed', 'b@x')).toEqual([]);
  expect(list('lead', 'claimed', 'b@x')[0]?.permission).toEqual({
    allowed: false,
    disabledReason: 'b@x is deciding this order.',
  });
});

test('an escalated order is the leads’; who only looks does nothing', () => {
  expect(allowed('reviewer', 'escalated')).toEqual([]);
  expect(allowed('lead', 'escalated')).toEqual(['release']);
  expect(allowed('viewer', 'queued')).toEqual([]);
  expect(list('viewer', 'queued')).toHaveLength(3);
});
