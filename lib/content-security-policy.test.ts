import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pagePolicy } from './content-security-policy.ts';

test('the one style that may stand in an attribute hides, and does nothing else', () => {
  const hash = createHash('sha256').update('display:none').digest('base64');
  const policy = pagePolicy('bm9uY2U=', false);
  expect(policy).toContain(`style-src-attr 'unsafe-hashes' 'sha256-${hash}';`);
  expect(policy.match(/sha256-/g)).toHaveLength(1);
  expect(policy).not.toMatch(/unsafe-(inline|eval)/);
});

test('only development may make styles and scripts out of text', () => {
  expect(pagePolicy('bm9uY2U=', true)).toMatch(/'unsafe-eval'.*'unsafe-inline'/);
});
