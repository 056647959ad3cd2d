import { join } from 'node:path';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { readSecretFile } from '#lib/secret-file.ts';

/**
 * The secret that signs cookies: AUTH_SECRET, or one that is generated once and kept in DATA_DIR/auth-secret, which
 * only its owner can read.
 * @throws OperatorError if the kept secret is too short.
 */
export function loadAuthSecret(env: Pick<Env, 'AUTH_SECRET' | 'DATA_DIR'>): string {
  if (env.AUTH_SECRET) return env.AUTH_SECRET;
  const path = join(env.DATA_DIR, 'auth-secret');
  const secret = readSecretFile(path);
  if (secret) return secret;
  throw new OperatorError(
    `${path} does not contain a secret. Delete it and start again; everyone has to sign in again.`,
  );
}
