import { expect, test } from 'vitest';
import type { PastRequest } from '../approvals/approval-requests.ts';
import { buildCaseTimeline, type CaseMove, type CaseTimelineEntry } from './case-timeline.ts';
import type { PastDecision } from './list-decisions.ts';

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

test('the timeline of a case has each step, request, outcome and decision once, in the order of time', () => {
  const entries = buildCaseTimeline({
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
  expect(entries.map(summarize)).toEqual([
    'claimed by ana',
    'queued by the system',
    'claimed by ben',
    'queued by ben',
    'snoozed by ana',
    'queued by the system',
    'escalated by ana',
    'queued by lea',
    'request 1',
    'decision by ana',
    'request 1 rejected',
    'request 2',
    'request 2 withdrawn',
    'request 3',
    'decision by ana',
    'undo by ana',
    'reversal by lea',
  ]);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
});

function summarize(entry: CaseTimelineEntry): string {
  switch (entry.kind) {
    case 'move':
      return `${entry.move.to} by ${entry.move.person ?? 'the system'}`;
    case 'request':
      return `request ${entry.request.id}`;
    case 'outcome':
      return `request ${entry.request.id} ${entry.outcome.kind}`;
    case 'decision':
      return `${entry.decision.kind} by ${entry.decision.decidedBy}`;
  }
}
