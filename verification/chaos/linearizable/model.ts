import { type Actor, mayActAs } from '#lib/contract/person.ts';

/** What a client requests for one order; `target` is the id of a decision or of an approval request. */
export type Request =
  | { kind: 'decide'; who: Actor; cents: number; recommendation: string }
  | { kind: 'undo' | 'reverse' | 'approve' | 'reject' | 'withdraw'; who: Actor; target: string }
  /** Puts a newer recommendation in the place of the former one, as the sync does. */
  | { kind: 'supersede'; recommendation: string; facts: number }
  | { kind: 'read' };

/**
 * The answer to it. `refused` has written nothing, and `current` is the id of the decision or request that is in the
 * way; after `unknown` it may or may not have been written.
 */
export type Answer =
  | { kind: 'decided' | 'requested' | 'revoked'; id: string }
  | { kind: 'settled' }
  | { kind: 'superseded' }
  | { kind: 'refused'; code: string; current: string | null }
  | { kind: 'read'; status: string; decision: string | null; recommendation: string; factsChanged: boolean }
  | { kind: 'unknown' };

/** An operation of a history: it took effect, if at all, at one moment between its call and its return. */
export type Operation = { request: Request; answer: Answer; calledAt: number; returnedAt: number };

/** Above this amount a decision needs a second person. */
export const LIMIT_CENTS = 2000;

/** The state of one order if every operation happened alone. */
export type State = {
  status: 'queued' | 'pending_approval' | 'decided' | 'reversed';
  /** The status after the decision or request is revoked. */
  statusAfterRevoke: 'queued' | 'reversed';
  /** The id of the current decision or reversal. */
  current: string | null;
  reversal: string | null;
  request: string | null;
  /** Who decided or requested approval, and who approved. */
  decidedBy: string | null;
  approvedBy: string | null;
  recommendation: string;
  facts: number;
  /** What the current decision or request is based on. */
  basis: { recommendation: string; facts: number } | null;
  /** Each settled approval request: who settled it how, and the decision that was made. */
  settled: Record<string, { who: string; kind: string; decision: string | null }>;
};

export const initialState: State = {
  status: 'queued',
  statusAfterRevoke: 'queued',
  current: null,
  reversal: null,
  request: null,
  decidedBy: null,
  approvedBy: null,
  recommendation: '1',
  facts: 1,
  basis: null,
  settled: {},
};

type Response = { answer: Answer; next: State };
type TargetedRequest = Extract<Request, { target: string }>;

/** The answer that the rules give in a state, and the state after it; `id` is the id of a new row. */
export function respond(state: State, request: Request, id: string): Response {
  switch (request.kind) {
    case 'read':
      return { answer: read(state), next: state };
    case 'supersede': {
      const { recommendation, facts } = request;
      return { answer: { kind: 'superseded' }, next: { ...state, recommendation, facts } };
    }
    case 'decide':
      return decide(state, request, id);
    case 'undo':
    case 'reverse':
      return revoke(state, request, id);
    case 'approve':
    case 'reject':
    case 'withdraw':
      return settle(state, request, id);
  }
}

function read({ status, current, recommendation, facts, basis }: State): Answer {
  const hasDecision = status === 'decided' || status === 'reversed';
  const factsChanged = status === 'decided' && basis?.facts !== facts;
  return { kind: 'read', status, decision: hasDecision ? current : null, recommendation, factsChanged };
}

function decide(
  state: State,
  { who, cents, recommendation }: Extract<Request, { kind: 'decide' }>,
  id: string,
): Response {
  const { status } = state;
  if (status === 'decided') return refuse(state, 'already_decided', state.current);
  if (recommendation !== state.recommendation) return refuse(state, 'recommendation_changed');
  if (status === 'pending_approval') return refuse(state, 'case_moved');
  if (status === 'reversed' && !mayActAs(who, 'lead')) return refuse(state, 'forbidden');
  const basis = { recommendation, facts: state.facts };
  const decided = { ...state, basis, statusAfterRevoke: status, decidedBy: who.email, approvedBy: null };
  if (cents > LIMIT_CENTS)
    return {
      answer: { kind: 'requested', id },
      next: { ...decided, status: 'pending_approval', current: null, request: id },
    };
  return { answer: { kind: 'decided', id }, next: { ...decided, status: 'decided', current: id } };
}

function revoke(state: State, { kind, who, target }: TargetedRequest, id: string): Response {
  const isCurrent = state.status === 'decided' && state.current === target;
  const isAllowed = kind === 'reverse' || [state.decidedBy, state.approvedBy].includes(who.email);
  if (!isCurrent || !isAllowed) return refuse(state, 'decision_settled');
  const answer: Answer = { kind: 'revoked', id };
  if (kind === 'undo') return { answer, next: restore(state) };
  return { answer, next: { ...cleared(state), status: 'reversed', current: id, reversal: id } };
}

function settle(state: State, { kind, who, target }: TargetedRequest, id: string): Response {
  const earlier = state.settled[target];
  if (earlier?.who === who.email && earlier.kind === kind)
    return { answer: settledAnswer(earlier.decision), next: state };
  if (state.status !== 'pending_approval' || state.request !== target)
    return refuse(state, 'approval_settled', state.request);
  if ((kind === 'withdraw') !== (state.decidedBy === who.email)) return refuse(state, 'forbidden');
  if (kind === 'approve' && state.basis?.recommendation !== state.recommendation)
    return refuse(state, 'recommendation_changed');
  const decision = kind === 'approve' ? id : null;
  const settled = { ...state.settled, [target]: { who: who.email, kind, decision } };
  const answer = settledAnswer(decision);
  if (decision === null) return { answer, next: restore({ ...state, settled }) };
  return {
    answer,
    next: { ...state, settled, status: 'decided', request: null, current: decision, approvedBy: who.email },
  };
}

function settledAnswer(decision: string | null): Answer {
  return decision === null ? { kind: 'settled' } : { kind: 'decided', id: decision };
}

function restore(state: State): State {
  return {
    ...cleared(state),
    status: state.statusAfterRevoke,
    current: state.statusAfterRevoke === 'reversed' ? state.reversal : null,
  };
}

function cleared(state: State): State {
  return { ...state, request: null, basis: null, decidedBy: null, approvedBy: null };
}

function refuse(state: State, code: string, current: string | null = null): Response {
  return { answer: { kind: 'refused', code, current }, next: state };
}

/** The state after an operation, or undefined if the rules would have given another answer. */
export function apply(state: State, request: Request, answer: Answer): State | undefined {
  if (answer.kind === 'refused' && answer.code === 'busy') return state;
  const id = 'id' in answer ? answer.id : 'unknown';
  const response = respond(state, request, id);
  if (answer.kind === 'unknown') return response.next;
  return JSON.stringify(response.answer) === JSON.stringify(answer) ? response.next : undefined;
}
