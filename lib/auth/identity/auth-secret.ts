import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';

/**
 * The secret that signs cookies: AUTH_SECRET, or one that is generated once and kept in DATA_DIR/auth-secret, which
 * only its owner can read.
 * @throws OperatorError if the kept secret is too short.
 */
export function loadAuthSecret(env: Pick<Env, 'AUTH_SECRET' | 'DATA_DIR'>): string {
  if (env.AUTH_SECRET) return env.AUTH_SECRET;
  const path = join(env.DATA_DIR, 'auth-secret');
  if (!existsSync(path)) createSecret(env.DATA_DIR, path);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < 32)
    throw new OperatorError(
      `${path} does not contain a secret. Delete it and start again; everyone has to sign in again.`,
    );
  return secret;
}

/** Links a complete file into place, so that two processes that start at once end up with the same secret. */
function createSecret(directory: string, path: string): void {
  mkdirSync(directory, { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft);
  }
}
