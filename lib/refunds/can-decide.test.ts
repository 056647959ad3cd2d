import { expect, test } from 'vitest';
import { canDecide } from './can-decide.ts';

const recommendation = { orderId: 'a' };

test.each(['reviewer', 'lead', 'admin'] as const)('a %s may decide', (role) => {
  expect(canDecide({ person: { role }, recommendation, standing: null })).toEqual({ allowed: true });
});

test.each([
  ['viewer', recommendation, null, /role reviewer, and yours is viewer/],
  ['reviewer', undefined, null, /no recommendation/],
  ['reviewer', recommendation, { decidedBy: 'ana@example.com' }, /^ana@example.com has decided/],
] as const)('a %s is told why not', (role, asked, standing, reason) => {
  const permission = canDecide({ person: { role }, recommendation: asked, standing });
  expect(permission).toEqual({ allowed: false, disabledReason: expect.stringMatching(reason) });
});
