/** One try to decide; `answered` once the server has returned its outcome, good or bad. */
export type Attempt = { key: string; content: string; answered: boolean };

/**
 * The try that sends `content`. It keeps the key of the last one while the outcome of that is unknown, so that a repeat
 * cannot decide twice; after a definite answer, new content gets a new key.
 */
export function nextAttempt(last: Attempt | undefined, content: string, makeKey: () => string): Attempt {
  const renew = !last || (last.answered && last.content !== content);
  return { key: renew ? makeKey() : last.key, content, answered: false };
}

/** A key of 128 random bits. `crypto.randomUUID` would need https. */
export function makeAttemptKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
