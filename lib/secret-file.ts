import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A secret has at least so many characters. */
export const MIN_SECRET_LENGTH = 32;

/**
 * Reads the secret of a file, which is made at the first use and which only its owner can read.
 * @returns undefined where the file holds no secret.
 */
export function readSecretFile(path: string): string | undefined {
  if (!existsSync(path)) createSecret(path);
  const secret = readFileSync(path, 'utf8').trim();
  return secret.length < MIN_SECRET_LENGTH ? undefined : secret;
}

/** Links a complete file into place, so that two processes that start at once end up with the same secret. */
function createSecret(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
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
