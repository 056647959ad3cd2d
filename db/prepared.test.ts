import { expect, test } from 'vitest';
import { prepared } from './prepared.ts';

test('a statement keeps its name, and what a connection has to remember is bounded', () => {
  const names = Array.from({ length: 500 }, (_, n) => prepared(`select ${n}`).name);
  const named = names.filter((name) => name !== undefined);
  expect(new Set(named).size).toBe(200);
  expect(prepared('select 0', [1])).toEqual({ name: names[0], text: 'select 0', values: [1] });
  expect(prepared('select 499')).toEqual({ name: undefined, text: 'select 499', values: [] });
});
