import { expect, test } from 'vitest';
import { type CaseStatus, caseStatuses } from '#lib/contract/case.ts';
import { type Role, roles } from '#lib/contract/person.ts';
import { canDecide } from './can-decide.ts';

const email = 'ana@example.com';
const open = { caseStatus: 'queued', assignee: null, decision: null } as const;

test.each(['reviewer', 'lead', 'admin'] as const)('a %s may decide', (role) => {
  expect(canDecide({ person: { email, role }, recommendation: open })).toEqual({ allowed: true });
});

test.each([
  ['viewer', open, /role reviewer, and yours is viewer/],
  ['reviewer', undefined, /no recommendation/],
  ['lead', { ...open, caseStatus: 'decided', decision: { decidedBy: 'ben' } as never }, /^ben has decided/],
  ['reviewer', { ...open, caseStatus: 'claimed', assignee: 'ben' }, /^ben is deciding/],
  ['admin', { ...open, caseStatus: 'pending_approval' }, /second person/],
] as const)('a %s is told why not', (role, recommendation, reason) => {
  const permission = canDecide({ person: { email, role }, recommendation });
  expect(permission).toEqual({ allowed: false, disabledReason: expect.stringMatching(reason) });
});

test('who may decide in which status, all of them', () => {
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
    const may = roles.filter((role) => canDecide({ person: { email, role }, recommendation }).allowed);
    expect([caseStatus, may]).toEqual([caseStatus, allowed[caseStatus]]);
  }
});
