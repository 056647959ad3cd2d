/**
 * Three orders, which are the same except while one loads: the one that the reviewer asked for last, the one whose data is
 * on the screen, and the one whose controls respond. Null means no order.
 */
export type OrderScreen = { asked: string | null; painted: string | null; alive: string | null };

/** What a key that acts on an order does: run, wait until the painted order is alive, or nothing, with the reason. */
export type KeyAnswer = { kind: 'run' } | { kind: 'hold' } | { kind: 'refuse'; reason: string };

/**
 * Answers a key that acts on an order. It runs only on the order that the reviewer both asked for and sees: a decision
 * must never land on the order that was just left, nor on one that no one has seen yet.
 * @param of the order whose controls offer the key; null where no control on the screen offers it.
 */
export function answerKey(
  { asked, painted, alive }: OrderScreen,
  { label, of }: { label: string; of: string | null },
): KeyAnswer {
  if (asked === null) return { kind: 'refuse', reason: 'Open an order first.' };
  if (painted !== asked || (of !== null && of !== asked))
    return { kind: 'refuse', reason: `Order ${asked} is still loading. Nothing was done.` };
  if (of === asked) return { kind: 'run' };
  if (alive !== asked) return { kind: 'hold' };
  return { kind: 'refuse', reason: `“${label}” isn't available for this order right now.` };
}
