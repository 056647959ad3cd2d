import { expect, test } from 'vitest';
import { compile, loopOver, type ObjectKey } from './compile-object.ts';

const keys: ObjectKey[] = [
  { key: 'plain', from: 'a' },
  { key: 'it\'s "quoted"\n', from: "b'\\\n" },
  { key: 'read', from: 'a', read: (value: number) => value + 1 },
  { key: 'missing', from: 'c' },
  { key: 'whole', read: (value: object) => Object.keys(value).length },
];

test.each([compile, loopOver])('%o takes each key from its place', (make) => {
  const made = make<unknown>(keys)({ a: 1, "b'\\\n": 2 });
  expect(made).toEqual({ plain: 1, 'it\'s "quoted"\n': 2, read: 2, missing: undefined, whole: 2 });
  expect(Object.keys(made)).toEqual(keys.map(({ key }) => key));
});

test.each([compile, loopOver])('%o reads an array by place', (make) => {
  expect(make<unknown>([{ key: 'second', from: 1, read: String }])([5, 6])).toEqual({ second: '6' });
});
