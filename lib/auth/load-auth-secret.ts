import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';

/**
 * The secret that signs sessions: AUTH_SECRET, or one that is made once and kept in DATA_DIR/auth-secret,
 * readable by its owner alone.
 * @throws OperatorError where the kept secret is too short to be one.
 */
export function loadAuthSecret(env: Pick<Env, 'AUTH_SECRET' | 'DATA_DIR'>): string {
  if (env.AUTH_SECRET) return env.AUTH_SECRET;
  const path = join(env.DATA_DIR, 'auth-secret');
  if (!existsSync(path)) createSecret(env.DATA_DIR, path);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < 32)
    throw new OperatorError(`${path} holds no secret. Delete it and start again; everyone signs in anew.`);
  return secret;
}

/** Links a complete file into place, so that of two that start at once both end with the same secret. */
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
