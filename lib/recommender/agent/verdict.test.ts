import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountClassError, refundClasses } from '#lib/contract/refund.ts';
import { lateCase } from './agent.testing.ts';
import type { ModelAnswer } from './parse-answer.ts';
import { type AgentVerdict, type ConversationRecord, finalizeAnswer, finalizeFailure } from './verdict.ts';

const call: ConversationRecord = {
  model: 'scripted',
  promptVersion: 'agent-1',
  requests: 2,
  promptTokens: 800,
  completionTokens: 80,
  latencyMs: 1200,
  trace: [],
};

function answered(answer: Partial<ModelAnswer>): Extract<AgentVerdict, { outcome: 'answered' }> {
  const whole: ModelAnswer = {
    refundClass: 'partial',
    refundCents: 500,
    reason: 'It took 39 min.',
    ...answer,
  };
  return { outcome: 'answered', answer: whole, text: JSON.stringify(whole), call };
}

test('an answer that agrees with the policy is kept as it is', () => {
  const final = finalizeAnswer(lateCase('A'), answered({}));
  expect(final).toMatchObject({
    refundClass: 'partial',
    refundCents: 500,
    reason: 'It took 39 min.',
    agent: {
      flags: [],
      contradictions: [],
      model_answer: { refund_class: 'partial', refund_usd: '5.00' },
      code: null,
    },
  });
});

test('within the bounds a model may disagree, and a flag says so', () => {
  const final = finalizeAnswer(
    lateCase('A'),
    answered({ refundCents: 400, reason: 'It took 39 min: $4.00.' }),
  );
  expect(final).toMatchObject({ refundClass: 'partial', refundCents: 400 });
  expect(final.agent).toMatchObject({
    flags: ['disagrees_with_policy'],
    confidence: 'medium',
    policy_answer: { refund_usd: '5.00' },
  });
});

test('an amount beyond the bounds is clamped to them, and the reason says so first', () => {
  const greedy = answered({ refundClass: 'full', refundCents: 99_900, reason: 'It is $999.00 as I said.' });
  const final = finalizeAnswer(lateCase('A'), greedy);
  expect(final).toMatchObject({ refundClass: 'partial', refundCents: 500 });
  expect(final.reason).toBe(
    'The model asked for $999.00; the policy allows $3.00 to $5.00, so it is $5.00. The model said: It is $999.00 as I said.',
  );
  expect(final.agent).toMatchObject({
    flags: ['disagrees_with_policy', 'clamped_to_policy', 'contradicts_data'],
    model_answer: { refund_class: 'full', refund_usd: '999.00' },
    confidence: 'low',
    contradictions: ['$999.00 is not in the data'],
  });
});

test('an order on time gets nothing, whatever the model answers', () => {
  const onTime = lateCase('A', {
    policy: { refundClass: 'none', refundCents: 0 },
    bounds: { minCents: 0, maxCents: 0 },
  });
  expect(finalizeAnswer(onTime, answered({}))).toMatchObject({ refundClass: 'none', refundCents: 0 });
});

test('without an answer the reason says that the policy has answered, and why', () => {
  const failed = {
    outcome: 'failed',
    code: 'refused',
    message: 'the model refused to answer',
    text: 'No.',
    call,
  } as const;
  expect(finalizeFailure(lateCase('A'), failed)).toMatchObject({
    reason: 'The model gave no usable answer: the model refused to answer. The policy has answered.',
    agentResponse: 'No.',
    agent: { code: 'refused', model_answer: null },
  });
});

test('for any answer, the stored class and amount are coherent, within the bounds and storable', () => {
  const cases = fc.record({
    total: fc.integer({ min: 0, max: 100_000 }),
    shares: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    refundClass: fc.constantFrom(...refundClasses),
    refundCents: fc.integer({ min: 0, max: 1e14 }),
    reason: fc.string({ minLength: 1, unit: 'binary' }),
  });
  fc.assert(
    fc.property(cases, ({ total, shares, ...answer }) => {
      const [minCents = 0, maxCents = 0] = shares
        .map((share) => Math.floor(share * total))
        .sort((a, b) => a - b);
      const about = lateCase('A', { totalCents: total, bounds: { minCents, maxCents } });
      const { refundClass, refundCents, agentResponse, agent } = finalizeAnswer(about, answered(answer));
      expect(refundCents).toBeGreaterThanOrEqual(minCents);
      expect(refundCents).toBeLessThanOrEqual(maxCents);
      expect(amountClassError(refundClass, refundCents, total)).toBeUndefined();
      expect(agent.flags.includes('clamped_to_policy')).toBe(refundCents !== answer.refundCents);
      expect(agentResponse.isWellFormed() && !agentResponse.includes('\u0000')).toBe(true);
    }),
  );
});
