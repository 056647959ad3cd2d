/** One try to decide: `answered` once the server has said, one way or the other, what became of it. */
export type Attempt = { key: string; content: string; answered: boolean };

/**
 * The try that sends `content`. Its key stays the same while it is not known what became of the last one, so that
 * a repeat cannot decide twice; a definite answer and new content begin another.
 */
export function nextAttempt(last: Attempt | undefined, content: string, makeKey: () => string): Attempt {
  const renew = !last || (last.answered && last.content !== content);
  return { key: renew ? makeKey() : last.key, content, answered: false };
}

/** A key of 128 random bits; unlike `randomUUID` it is there on plain http, too. */
export function makeAttemptKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
