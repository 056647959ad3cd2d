import { expect, test } from 'vitest';
import { readConflict } from './decision-failure.tsx';

const conflict = (code: string, current: unknown) => ({ code, message: '', requestId: '', current });

test('a conflict with a decision shows it, and one with a request for approval is no decision', () => {
  const decision = { id: '1', decidedTs: '2026-01-02T12:00:00.000Z' };
  expect(readConflict(conflict('already_decided', decision))).toEqual({ decision });
  expect(readConflict(conflict('idempotency_key_reused', decision))).toEqual({ decision });
  const request = { id: '2', requestedTs: '2026-01-02T12:00:00.000Z' };
  expect(readConflict(conflict('idempotency_key_reused', request))).toEqual({});
});

test('another recommendation is shown, also where the old one is gone', () => {
  const suggestion = { recommendationId: '7' };
  expect(readConflict(conflict('recommendation_changed', { suggestion }))).toEqual({ suggestion });
  expect(readConflict(conflict('recommendation_changed', undefined))).toEqual({ suggestion: undefined });
  expect(readConflict(conflict('case_claimed', { assignee: 'ana@example.com' }))).toEqual({});
});
