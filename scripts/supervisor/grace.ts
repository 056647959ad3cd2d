/** Milliseconds that a command may take to finish what it has in hand before it is ended by force. */
export const GRACE_MS = 10_000;
