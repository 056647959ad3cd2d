import type { Actor } from '#lib/contract/person.ts';

/** What a client asks of one order; `target` names a decision or a request for approval. */
export type Ask =
  | { kind: 'decide'; who: Actor; cents: number }
  | { kind: 'undo' | 'reverse' | 'approve' | 'reject' | 'withdraw'; who: Actor; target: string }
  | { kind: 'read' };

/**
 * What it was told. `refused` has written nothing, and `current` is the id of what stands or waits instead; of
 * `unknown` nobody can say whether it was written.
 */
export type Answer =
  | { kind: 'decided' | 'requested' | 'taken_back'; id: string }
  | { kind: 'settled' }
  | { kind: 'refused'; code: string; current: string | null }
  | { kind: 'read'; status: string; decision: string | null }
  | { kind: 'unknown' };

/** An operation of a history: it took effect, if at all, at one moment between its call and its return. */
export type Operation = { ask: Ask; answer: Answer; called: number; returned: number };
