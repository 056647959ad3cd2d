import { expect, test } from 'vitest';
import { readSourceTree } from '../../source-tree.testing.ts';
import { flow } from '../tables/flow.ts';
import { failpoints } from './failpoints.ts';

test('the list has every failpoint of a run that the sources name, and no other', () => {
  const sources = readSourceTree().filter(
    ({ path, isTest }) => path.startsWith('lib/pipeline/') && !path.includes('/rebuild/') && !isTest,
  );
  const named = sources
    .flatMap(({ text }) => [
      ...[...text.matchAll(/failpoint\('([^']+)'\)/g)].map(([, name = '']) => name),
      ...[...text.matchAll(/step\(['`]([^'`]+)['`],/g)].map(([, name]) => `after-${name}`),
    ])
    .flatMap((name) => flow.map((dataset) => name.replace('$' + '{dataset.name}', dataset.name)));
  expect([...new Set(named)].sort()).toEqual([...failpoints].sort());
  expect(failpoints.length).toBeGreaterThanOrEqual(25);
});
