import { expect, test } from 'vitest';
import type { CaseMove, CaseTimelineEntry, PastDecision } from '#lib/refunds/history/index.ts';
import { describeTimelineEntry } from './history.tsx';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
const any = { at: at(0), key: '1' };

const describeMove = (from: CaseMove['from'], to: CaseMove['to'], rest: Partial<CaseMove> = {}) => {
  const move = { at: at(0), from, to, person: 'ana', holder: null, note: null, until: null, ...rest };
  return describeTimelineEntry({ ...any, kind: 'move', move });
};

test('a step is described by who took it, or by what ended with time', () => {
  expect(describeMove('queued', 'claimed')).toBe('ana claimed it');
  expect(describeMove('claimed', 'queued', { person: null, holder: 'ana' })).toBe('The claim of ana ran out');
  expect(describeMove('claimed', 'queued')).toBe('ana put it back into the queue');
  expect(describeMove('queued', 'snoozed', { until: at(30) })).toBe('ana snoozed it for 30\u00a0min');
  expect(describeMove('queued', 'snoozed', { until: at(120) })).toBe('ana snoozed it for 2\u00a0h');
  expect(describeMove('queued', 'snoozed', { until: at(3 * 1440) })).toBe('ana snoozed it for 3\u00a0d');
  expect(describeMove('snoozed', 'queued', { person: null })).toBe('The snooze ended');
  expect(describeMove('queued', 'escalated')).toBe('ana escalated it');
});

test('a request and how it was settled are described by their persons', () => {
  const request = { requestedBy: 'ana' } as Extract<CaseTimelineEntry, { kind: 'request' }>['request'];
  const outcome = { kind: 'rejected', person: 'lea', at: at(1), reason: 'Too much' } as const;
  expect(describeTimelineEntry({ ...any, kind: 'request', request })).toBe('ana asked for the approval of');
  expect(describeTimelineEntry({ ...any, kind: 'outcome', request, outcome })).toBe(
    'lea rejected the request for',
  );
  const withdrawn = { ...outcome, kind: 'withdrawn', person: 'ana' } as const;
  expect(describeTimelineEntry({ ...any, kind: 'outcome', request, outcome: withdrawn })).toBe(
    'ana withdrew the request for',
  );
});

test('a decision names who made it, and who approved it', () => {
  const describe = (rest: Partial<PastDecision>) => {
    const decision = { kind: 'decision', decidedBy: 'ana', approvedBy: null, ...rest } as PastDecision;
    return describeTimelineEntry({ ...any, kind: 'decision', decision });
  };
  expect(describe({})).toBe('ana decided');
  expect(describe({ approvedBy: 'lea' })).toBe('lea approved the decision of ana:');
  expect(describe({ kind: 'undo' })).toBe('ana undid the decision');
  expect(describe({ kind: 'reversal', decidedBy: 'lea' })).toBe('lea reversed the decision');
});
