import { expect, test } from 'vitest';
import type { CaseMove, PastDecision, PastRequest } from '#lib/refunds/index.ts';
import { tellCase } from '#lib/refunds/index.ts';
import { describeTold } from './describe-told.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

function move(
  minute: number,
  from: CaseMove['from'],
  to: CaseMove['to'],
  rest: Partial<CaseMove> = {},
): CaseMove {
  return { at: at(minute), from, to, person: 'ana', holder: null, note: null, until: null, ...rest };
}

function decision(minute: number, rest: Partial<PastDecision> = {}): PastDecision {
  return {
    id: `${minute}`,
    kind: 'decision',
    orderId: 'A',
    decidedTs: at(minute),
    refundClass: 'partial',
    amountCents: 6000,
    reason: 'r',
    reasonCode: null,
    decidedBy: 'ana',
    approvedBy: null,
    supersedesId: null,
    suggested: { refundClass: null, refundCents: null },
    ...rest,
  };
}

function request(minute: number, id: string, outcome: PastRequest['outcome']): PastRequest {
  return {
    id,
    orderId: 'A',
    recommendationId: '1',
    requestedTs: at(minute),
    requestedBy: 'ana',
    refundClass: 'partial',
    amountCents: 6000,
    reasonCode: null,
    reason: 'r',
    outcome,
  };
}

test('a whole case is told step by step, in the order of time', () => {
  const told = tellCase({
    moves: [
      move(0, 'queued', 'claimed'),
      move(5, 'claimed', 'queued', { person: null, holder: 'ana' }),
      move(6, 'queued', 'claimed', { person: 'ben' }),
      move(7, 'claimed', 'queued', { person: 'ben' }),
      move(8, 'queued', 'snoozed', { until: at(38) }),
      move(38, 'snoozed', 'queued', { person: null }),
      move(39, 'queued', 'escalated'),
      move(40, 'escalated', 'queued', { person: 'lea' }),
    ],
    requests: [
      request(41, '1', { kind: 'rejected', person: 'lea', at: at(42), reason: 'Too much' }),
      request(43, '2', { kind: 'withdrawn', person: 'ana', at: at(44), reason: null }),
      request(45, '3', { kind: 'approved', person: 'lea', at: at(46), reason: null }),
    ],
    decisions: [
      decision(48, { kind: 'reversal', decidedBy: 'lea' }),
      decision(47, { kind: 'undo' }),
      decision(46, { approvedBy: 'lea' }),
      decision(41.5),
    ],
  });
  expect(told.map(describeTold)).toEqual([
    'ana claimed it',
    'The claim of ana ran out',
    'ben claimed it',
    'ben put it back into the queue',
    'ana snoozed it for 30\u00a0min',
    'The snooze ended',
    'ana escalated it',
    'lea put it back into the queue',
    'ana asked for the approval of',
    'ana decided',
    'lea rejected the request for',
    'ana asked for the approval of',
    'ana withdrew the request for',
    'ana asked for the approval of',
    'lea approved the decision of ana:',
    'ana undid the decision',
    'lea reversed the decision',
  ]);
  expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
});
