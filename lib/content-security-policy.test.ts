import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pagePolicy } from './content-security-policy.ts';

test('the only inline style that is allowed is React’s display:none', () => {
  const hash = createHash('sha256').update('display:none').digest('base64');
  const policy = pagePolicy('bm9uY2U=', false);
  expect(policy).toContain(`style-src-attr 'unsafe-hashes' 'sha256-${hash}';`);
  expect(policy.match(/sha256-/g)).toHaveLength(1);
  expect(policy).not.toMatch(/unsafe-(inline|eval)/);
});

test('only development allows eval and inline styles', () => {
  expect(pagePolicy('bm9uY2U=', true)).toMatch(/'unsafe-eval'.*'unsafe-inline'/);
});
