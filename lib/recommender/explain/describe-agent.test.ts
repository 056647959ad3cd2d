import { expect, test } from 'vitest';
import { describeAgent } from './describe-agent.ts';

const agent = {
  code: null,
  model_answer: { refund_class: 'full', refund_usd: '999.00' },
  policy_answer: { refund_class: 'partial', refund_usd: '5.00' },
  min_usd: '3.00',
  max_usd: '5.00',
  flags: ['clamped_to_policy', 'contradicts_data'],
  confidence: 'low',
  contradictions: ['$999.00 is not in the data'],
  requests: 2,
};

test('an answer is told with what it was held to, what speaks against it and what was looked up', () => {
  const trace = [
    { tool: 'get_order_details', arguments: { order_id: 'A' }, ok: true, result: { total_usd: '20.00' } },
    { tool: 'refund_now', arguments: {}, ok: false, result: { error: 'There is no such tool.' } },
  ];
  expect(describeAgent({ evidence: { agent }, trace })).toEqual([
    'the model said full $999.00, the policy partial $5.00, allowed $3.00 to $5.00; 2 requests',
    'confidence low, clamped to policy, contradicts data',
    'contradicts the data: $999.00 is not in the data',
    'looked up get_order_details {"order_id":"A"}: {"total_usd":"20.00"}',
    'was refused refund_now {}: {"error":"There is no such tool."}',
  ]);
});

test('a model that gave nothing, a trace of another form, and no model at all', () => {
  const failed = {
    ...agent,
    code: 'refused',
    model_answer: null,
    flags: [],
    confidence: null,
    contradictions: [],
  };
  expect(describeAgent({ evidence: { agent: failed }, trace: [] })[0]).toContain('nothing usable (refused)');
  expect(describeAgent({ evidence: {}, trace: { steps: 1 } })).toEqual(['trace: {\n  "steps": 1\n}']);
  expect(describeAgent({ evidence: {}, trace: null })).toEqual([]);
});
