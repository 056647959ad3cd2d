import { expect, test } from 'vitest';
import { type CaseStatus, caseStatuses, caseSteps } from '#lib/contract/case.ts';
import { type Role, roles } from '#lib/contract/person.ts';
import { type CaseStep, canDecide, listSteps } from './permissions.ts';

const email = 'ana@example.com';
const open = { caseStatus: 'queued', assignee: null, decision: null } as const;

test.each(['reviewer', 'lead', 'admin'] as const)('a %s may decide', (role) => {
  expect(canDecide({ email, role }, open)).toEqual({ allowed: true });
});

test.each([
  ['viewer', open, /role reviewer, and yours is viewer/],
  ['engineer', open, /role reviewer, and yours is engineer/],
  ['reviewer', undefined, /no recommendation/],
  ['lead', { ...open, caseStatus: 'decided', decision: { decidedBy: 'ben' } as never }, /^ben has decided/],
  ['reviewer', { ...open, caseStatus: 'claimed', assignee: 'ben' }, /^ben is deciding/],
  ['admin', { ...open, caseStatus: 'pending_approval' }, /second person/],
] as const)('a %s gets the reason why not', (role, recommendation, reason) => {
  const permission = canDecide({ email, role }, recommendation);
  expect(permission).toEqual({ allowed: false, disabledReason: expect.stringMatching(reason) });
});

test('every status has the roles that may decide in it', () => {
  const allowed: Record<CaseStatus, Role[]> = {
    queued: ['reviewer', 'lead', 'admin'],
    claimed: ['reviewer', 'lead', 'admin'],
    snoozed: ['reviewer', 'lead', 'admin'],
    escalated: ['lead', 'admin'],
    reversed: ['lead', 'admin'],
    pending_approval: [],
    decided: [],
  };
  for (const caseStatus of caseStatuses) {
    const recommendation = { caseStatus, assignee: email, decision: null };
    const may = roles.filter((role) => canDecide({ email, role }, recommendation).allowed);
    expect([caseStatus, may]).toEqual([caseStatus, allowed[caseStatus]]);
  }
});

const someone = (role: Role) => ({ email: 'a@x', role });
const list = (role: Role, status: CaseStatus, assignee: string | null = null) =>
  listSteps(someone(role), { status, assignee });
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

test('one’s own claim can be released, that of another person cannot be taken', () => {
  expect(allowed('reviewer', 'claimed', 'a@x')).toEqual(['release', 'snooze', 'escalate']);
  expect(allowed('lead', 'claimed', 'b@x')).toEqual([]);
  expect(list('lead', 'claimed', 'b@x')[0]?.permission).toEqual({
    allowed: false,
    disabledReason: 'b@x is deciding this order.',
  });
});

test('only leads release an escalated order, and a viewer or an engineer may do nothing', () => {
  expect(allowed('reviewer', 'escalated')).toEqual([]);
  expect(allowed('lead', 'escalated')).toEqual(['release']);
  expect(allowed('viewer', 'queued')).toEqual([]);
  expect(allowed('engineer', 'queued')).toEqual([]);
  expect(list('viewer', 'queued')).toHaveLength(3);
});
