import { expect, test } from 'vitest';
import { addDays, countDays, dashboardQuerySchema } from './dashboards.ts';

const problems = (query: object) =>
  dashboardQuerySchema.safeParse(query).error?.issues.map(({ path, message }) => `${path}: ${message}`);

test('a range is days, both ends included', () => {
  expect(countDays('2026-10-01', '2026-10-07')).toBe(7);
  expect(countDays('2028-02-28', '2028-03-01')).toBe(3);
  expect(addDays('2026-10-01', -7)).toBe('2026-09-24');
  expect(problems({})).toBeUndefined();
  expect(problems({ from: '2027-01-01', to: '2028-01-01', location: 'sf' })).toBeUndefined();
});

test.each([
  [{ from: '2026-13-01' }, 'from: Give a day as YYYY-MM-DD, such as 2026-10-01.'],
  [{ to: '01.10.2026' }, 'to: Give a day as YYYY-MM-DD, such as 2026-10-01.'],
  [{ from: '0001-01-01' }, 'from: Give a day from 1970 to 2999.'],
  [
    { from: '2026-10-02', to: '2026-10-01' },
    'to: The last day comes before the first: exchange from and to.',
  ],
  [{ from: '2026-01-01', to: '2027-01-02' }, 'to: Ask for at most 366 days.'],
  [{ location: 'a\u0000' }, 'location: holds characters that cannot be searched for'],
])('%o is refused with what to do', (query, message) => {
  expect(problems(query)).toContain(message);
});
