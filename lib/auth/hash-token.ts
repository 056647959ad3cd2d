import { createHash } from 'node:crypto';

/** What is stored of a session's token: who reads the database cannot sign in with it. */
export function hashSessionToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** What is stored of a program's token. */
export function hashApiToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
