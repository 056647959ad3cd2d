import { expect, test } from 'vitest';
import { mayActAs, permissionsOf, type Role, roles } from './person.ts';

test('each role may act as exactly these', () => {
  const matrix = Object.fromEntries(
    roles.map((role) => [role, roles.filter((needed) => mayActAs({ role }, needed))]),
  );
  expect(matrix).toEqual({
    viewer: ['viewer'],
    reviewer: ['viewer', 'reviewer'],
    lead: ['viewer', 'reviewer', 'lead'],
    engineer: ['viewer', 'engineer'],
    admin: ['viewer', 'reviewer', 'lead', 'engineer', 'admin'],
  });
});

test('every role may act as itself and read', () => {
  for (const role of roles)
    expect(permissionsOf[role]).toEqual(expect.arrayContaining<Role>(['viewer', role]));
});
