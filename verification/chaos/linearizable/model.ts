import { mayActAs } from '#lib/contract/person.ts';
import type { Answer, Ask } from './operation.ts';

/** Above so many cents a decision waits for a second person. */
export const LIMIT_CENTS = 2000;

/** All that is to be known of one order, as if everybody came one after another. */
export type State = {
  status: 'queued' | 'pending_approval' | 'decided' | 'reversed';
  /** Where taking back leads. */
  back: 'queued' | 'reversed';
  /** The decision, or the reversal, that stands. */
  standing: string | null;
  reversal: string | null;
  request: string | null;
  /** Who decided or asked, and who approved. */
  first: string | null;
  second: string | null;
  /** What came of each settled request: who said what, and the decision that it made. */
  settled: Record<string, { who: string; kind: string; decision: string | null }>;
};

export const fresh: State = {
  status: 'queued',
  back: 'queued',
  standing: null,
  reversal: null,
  request: null,
  first: null,
  second: null,
  settled: {},
};

type Told = { answer: Answer; next: State };
type Targeted = Extract<Ask, { target: string }>;

/** What the rules answer in a state, and the state after; `id` is what a new row would be called. */
export function respond(state: State, ask: Ask, id: string): Told {
  switch (ask.kind) {
    case 'read': {
      const { status, standing } = state;
      const isShown = status === 'decided' || status === 'reversed';
      return { answer: { kind: 'read', status, decision: isShown ? standing : null }, next: state };
    }
    case 'decide':
      return decide(state, ask, id);
    case 'undo':
    case 'reverse':
      return takeBack(state, ask, id);
    case 'approve':
    case 'reject':
    case 'withdraw':
      return settle(state, ask, id);
  }
}

function decide(state: State, { who, cents }: Extract<Ask, { kind: 'decide' }>, id: string): Told {
  const { status } = state;
  if (status === 'decided') return refuse(state, 'already_decided', state.standing);
  if (status === 'pending_approval') return refuse(state, 'case_moved');
  if (status === 'reversed' && !mayActAs(who, 'lead')) return refuse(state, 'forbidden');
  const made = { ...state, back: status, first: who.email, second: null };
  if (cents > LIMIT_CENTS)
    return {
      answer: { kind: 'requested', id },
      next: { ...made, status: 'pending_approval', standing: null, request: id },
    };
  return { answer: { kind: 'decided', id }, next: { ...made, status: 'decided', standing: id } };
}

function takeBack(state: State, { kind, who, target }: Targeted, id: string): Told {
  const stands = state.status === 'decided' && state.standing === target;
  const isTheirs = kind === 'reverse' || [state.first, state.second].includes(who.email);
  if (!stands || !isTheirs) return refuse(state, 'decision_settled');
  const answer: Answer = { kind: 'taken_back', id };
  if (kind === 'undo') return { answer, next: goBack(state) };
  return { answer, next: { ...cleared(state), status: 'reversed', standing: id, reversal: id } };
}

function settle(state: State, { kind, who, target }: Targeted, id: string): Told {
  const earlier = state.settled[target];
  if (earlier?.who === who.email && earlier.kind === kind)
    return { answer: answerOf(earlier.decision), next: state };
  if (state.status !== 'pending_approval' || state.request !== target)
    return refuse(state, 'approval_settled', state.request);
  if ((kind === 'withdraw') !== (state.first === who.email)) return refuse(state, 'forbidden');
  const decision = kind === 'approve' ? id : null;
  const settled = { ...state.settled, [target]: { who: who.email, kind, decision } };
  const answer = answerOf(decision);
  if (decision === null) return { answer, next: goBack({ ...state, settled }) };
  return {
    answer,
    next: { ...state, settled, status: 'decided', request: null, standing: decision, second: who.email },
  };
}

function answerOf(decision: string | null): Answer {
  return decision === null ? { kind: 'settled' } : { kind: 'decided', id: decision };
}

function goBack(state: State): State {
  return {
    ...cleared(state),
    status: state.back,
    standing: state.back === 'reversed' ? state.reversal : null,
  };
}

function cleared(state: State): State {
  return { ...state, request: null, first: null, second: null };
}

function refuse(state: State, code: string, current: string | null = null): Told {
  return { answer: { kind: 'refused', code, current }, next: state };
}

/** The state after an operation, or undefined where the rules would have answered something else. */
export function follow(state: State, ask: Ask, answer: Answer): State | undefined {
  if (answer.kind === 'refused' && answer.code === 'busy') return state;
  const id = 'id' in answer ? answer.id : 'unknown';
  const told = respond(state, ask, id);
  if (answer.kind === 'unknown') return told.next;
  return JSON.stringify(told.answer) === JSON.stringify(answer) ? told.next : undefined;
}
