import { expect, test } from 'vitest';
import { parseFaultRates } from './fault-kinds.ts';

test('rates are read by name', () => {
  expect(parseFaultRates(['late=0.01', 'duplicate=.5'])).toEqual({ late: 0.01, duplicate: 0.5 });
  expect(parseFaultRates([])).toEqual({});
});

test.each([
  ['lat=0.1', 'There is no fault "lat". Choose one of null-field, wrong-type'],
  ['late', 'The rate of late is ""'],
  ['late=2', 'must be a share from 0 to 1 such as late=0.01'],
  ['late=-1', 'The rate of late is "-1"'],
  ['late=1%', 'The rate of late is "1%"'],
])('%s is refused', (text, message) => {
  expect(() => parseFaultRates([text])).toThrow(message);
});

test('an event has at most one fault', () => {
  expect(() => parseFaultRates(['late=0.6', 'missing=0.5'])).toThrow(/add up to 1.1/);
});
