import { expect, test } from 'vitest';
import type { Suggestion } from '#lib/refunds/queue/index.ts';
import { describeOrigin } from './source-label.ts';

const suggestion = {
  recommendationId: '1',
  scoredTs: '2026-01-01T00:00:00Z',
  refundClass: 'none',
  refundCents: 0,
  reason: 'r',
  policyVersion: 'v2',
  evidence: {} as Suggestion['evidence'],
  facts: null,
} as const;

test.each([
  ['policy', null, null, 'Policy v2'],
  ['agent', 'a-model-2026-01-15', 'agent-1', 'Agent a-model-2026-01-15 · prompt agent-1 · policy v2'],
  [
    'error',
    'a-model-2026-01-15',
    'agent-1',
    'Scorer failed · model a-model-2026-01-15 · prompt agent-1 · policy v2',
  ],
  ['deferred', null, null, 'Deferred'],
] as const)(
  'what comes from %s with model %s and prompt %s is "%s"',
  (source, model, promptVersion, words) => {
    expect(describeOrigin({ ...suggestion, source, model, promptVersion })).toBe(words);
  },
);
