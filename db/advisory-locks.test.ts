import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { advisoryLockSeeds, advisoryLocks } from './advisory-locks.ts';

const root = join(import.meta.dirname, '..');
const registered: number[] = [...Object.values(advisoryLocks), ...Object.values(advisoryLockSeeds)];

/** The literal numbers in the arguments of advisory lock functions, and those that look like one of the register. */
function findLiterals(text: string): number[] {
  const calls = [...text.matchAll(/pg_\w*advisory_\w*(?:lock|unlock)\w*\(([^;'`]*)/g)];
  const inCalls = calls.flatMap(([, args = '']) => [...args.matchAll(/(?<![\w$])\d[\d_]*/g)].map(String));
  const alike = [...text.matchAll(/\b4_?027_?0\d\d\b/g)].map(String);
  return [...inCalls, ...alike].map((literal) => Number(literal.replaceAll('_', '')));
}

test('every advisory lock has a number of its own', () => {
  expect(new Set(registered).size).toBe(registered.length);
});

test('TypeScript takes the numbers of advisory locks from the register', () => {
  const files = globSync('{app,lib,db,scripts,verification,e2e}/**/*.{ts,tsx}', { cwd: root });
  const literals = files
    .filter((file) => !/^db\/advisory-locks\.(test\.)?ts$/.test(file))
    .flatMap((file) =>
      findLiterals(readFileSync(join(root, file), 'utf8')).map((number) => `${file}: ${number}`),
    );
  expect(literals).toEqual([]);
});

test('SQL uses only numbers of the register', () => {
  const files = globSync('{drizzle,db}/**/*.sql', { cwd: root });
  const used = files.flatMap((file) =>
    findLiterals(readFileSync(join(root, file), 'utf8')).map((number) => ({ file, number })),
  );
  expect(used.filter(({ number }) => !registered.includes(number))).toEqual([]);
  const numbers = used.map(({ number }) => number);
  expect(numbers).toEqual(
    expect.arrayContaining([advisoryLocks.auditLog, advisoryLockSeeds.spender, advisoryLockSeeds.rescore]),
  );
});

test('a literal number in a call is found', () => {
  expect(findLiterals('select pg_advisory_xact_lock(hashtextextended($1, 77))')).toEqual([77]);
  expect(findLiterals('select pg_try_advisory_lock(4027099) as locked')).toEqual([4_027_099, 4_027_099]);
  expect(findLiterals('select pg_advisory_lock($1)')).toEqual([]);
});
