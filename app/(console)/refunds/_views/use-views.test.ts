import { expect, test } from 'vitest';
import { viewSearch } from './use-views.ts';

test('a view keeps filters and order, and no page of them', () => {
  expect(viewSearch('status=all&page=3&cursor=abc~def&refund_class=full')).toBe(
    'refund_class=full&status=all',
  );
  expect(viewSearch('')).toBe('');
});

test('the same filters are the same view, whatever their order in the address', () => {
  expect(viewSearch('status=all&refund_class=full')).toBe(viewSearch('refund_class=full&status=all'));
  expect(viewSearch('location=palo%20alto')).toBe(viewSearch('location=palo+alto'));
});
