import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadAuthSecret } from './auth-secret.ts';

let DATA_DIR: string;
beforeEach(() => {
  DATA_DIR = mkdtempSync(join(tmpdir(), 'auth-secret-'));
});
afterEach(() => rmSync(DATA_DIR, { recursive: true }));

test('a secret is generated once, and only its owner can read it', () => {
  const secret = loadAuthSecret({ DATA_DIR });
  expect(secret.length).toBeGreaterThanOrEqual(43);
  expect(loadAuthSecret({ DATA_DIR })).toBe(secret);
  expect(statSync(join(DATA_DIR, 'auth-secret')).mode & 0o777).toBe(0o600);
});

test('AUTH_SECRET takes precedence over the kept one', () => {
  const AUTH_SECRET = 'x'.repeat(32);
  expect(loadAuthSecret({ DATA_DIR, AUTH_SECRET })).toBe(AUTH_SECRET);
});

test('a file without a secret is named', () => {
  writeFileSync(join(DATA_DIR, 'auth-secret'), 'short\n');
  expect(() => loadAuthSecret({ DATA_DIR })).toThrow(/auth-secret does not contain a secret/);
});
