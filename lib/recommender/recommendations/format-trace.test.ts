import { expect, test } from 'vitest';
import type { Evidence } from '#lib/contract/refund.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import { chooseBenchmark } from '../policy/benchmark.ts';
import { policyV1 } from '../policy/policies.testing.ts';
import { scoreOrder } from '../policy/score-order.ts';
import { formatTrace } from './format-trace.ts';
import { fromPolicy, recommendationOf } from './insert-recommendations.ts';

const agent = {
  code: null,
  model_answer: { refund_class: 'full', refund_usd: '999.00' },
  policy_answer: { refund_class: 'partial', refund_usd: '5.00' },
  min_usd: '3.00',
  max_usd: '5.00',
  flags: ['clamped_to_policy'],
  confidence: 'low',
  grounds: ['late', 'very_late'],
  note: 'It came far too late.',
  requests: 2,
};

const order: DeliveredOrder = {
  orderId: 'A',
  batchId: '1',
  location: null,
  createdTs: '2026-11-20 12:00:00+00',
  createdAt: Date.parse('2026-11-20T12:00:00Z') * 1000,
  lineCount: 1,
  deliveredTs: '2026-11-20 12:50:00+00',
  deliveredAt: Date.parse('2026-11-20T12:50:00Z') * 1000,
  minutes: 50,
  totalCents: 2000,
  preparationMinutes: null,
};

/** The lines about a model's stored recommendation that follow its amount, reason and response. */
function describeAgent(evidence: Record<string, unknown>, trace: unknown): string[] {
  const answer = scoreOrder(policyV1, order, chooseBenchmark(policyV1, undefined, undefined));
  const stored = recommendationOf(
    order,
    { ...fromPolicy(answer), source: 'agent', agentResponse: 'a', evidence: evidence as Evidence },
    { trace },
  );
  const text = formatTrace({
    orderId: 'A',
    now: { answer, rules: '' },
    isHistory: false,
    stored: [{ ...stored, id: '1', ts: '2026-11-20T13:00:00.000Z' }],
    queued: [],
  });
  const lines = text.trimEnd().split('\n');
  return lines.slice(lines.indexOf('  response: a') + 1).map((line) => line.slice(2));
}

test('an answer is shown with its bounds, its grounds and the tool calls', () => {
  const trace = [
    { tool: 'get_order_details', arguments: { order_id: 'A' }, ok: true, result: { total_usd: '20.00' } },
    { tool: 'refund_now', arguments: {}, ok: false, result: { error: 'There is no such tool.' } },
  ];
  expect(describeAgent({ agent }, trace)).toEqual([
    'the model said full $999.00, the policy partial $5.00, allowed $3.00 to $5.00; 2 requests',
    'confidence low, clamped to policy',
    'grounds: late, very_late',
    "the model's words: It came far too late.",
    'called get_order_details {"order_id":"A"}: {"total_usd":"20.00"}',
    'refused refund_now {}: {"error":"There is no such tool."}',
  ]);
});

test('a model without a usable answer, a trace of another form, and no model at all', () => {
  const failed = {
    ...agent,
    code: 'refused',
    model_answer: null,
    flags: [],
    confidence: null,
    grounds: [],
    note: null,
  };
  expect(describeAgent({ agent: failed }, [])[0]).toContain('nothing usable (refused)');
  expect(describeAgent({}, { steps: 1 })).toEqual(['trace: {', '  "steps": 1', '}']);
  expect(describeAgent({}, null)).toEqual([]);
});
