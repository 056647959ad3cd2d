import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentGrounds, amountClassError } from '#lib/contract/refund.ts';
import { lateCase } from './agent.testing.ts';
import { findUnfounded } from './grounds.ts';
import type { ModelAnswer } from './parse-answer.ts';
import { type AgentVerdict, type ConversationRecord, finalizeAnswer, finalizeFailure } from './verdict.ts';

const call: ConversationRecord = {
  model: 'scripted',
  promptVersion: 'agent-2',
  requests: 2,
  promptTokens: 800,
  completionTokens: 80,
  latencyMs: 1200,
  trace: [],
};

function answered(answer: Partial<ModelAnswer>): Extract<AgentVerdict, { outcome: 'answered' }> {
  const whole: ModelAnswer = { grounds: ['late'], refundCents: 500, note: null, ...answer };
  return { outcome: 'answered', answer: whole, text: JSON.stringify(whole), call };
}

test('an answer that agrees with the policy gets a reason of facts, with the words of the model beside them', () => {
  const final = finalizeAnswer(lateCase('A'), answered({ note: 'A long wait.' }));
  expect(final).toMatchObject({
    refundClass: 'partial',
    refundCents: 500,
    reason:
      'Delivered in 39.0 min. It was late: the first limit is 32.8 min. The model agrees with the policy: $5.00. The model adds: “A long wait.”',
    agent: {
      flags: [],
      confidence: 'high',
      grounds: ['late'],
      note: 'A long wait.',
      model_answer: { refund_class: 'partial', refund_usd: '5.00' },
      code: null,
    },
  });
});

test('less than the policy owes is suggested only on a ground that allows it', () => {
  const less = finalizeAnswer(lateCase('A'), answered({ refundCents: 400, grounds: ['late', 'just_late'] }));
  expect(less).toMatchObject({
    refundCents: 400,
    reason:
      "Delivered in 39.0 min. It was late: the first limit is 32.8 min. It passed its limit of 38.8 min by 10 s. The model suggests $4.00 instead of the policy's $5.00.",
    agent: { flags: ['disagrees_with_policy'], confidence: 'medium', min_usd: '3.00', max_usd: '5.00' },
  });
  const groundless = finalizeAnswer(
    lateCase('A'),
    answered({ refundCents: 0, grounds: ['late', 'very_late'] }),
  );
  expect(groundless).toMatchObject({
    refundClass: 'partial',
    refundCents: 500,
    agent: {
      flags: ['disagrees_with_policy', 'clamped_to_policy'],
      confidence: 'low',
      model_answer: { refund_class: 'none', refund_usd: '0.00' },
      min_usd: '5.00',
    },
  });
  expect(groundless.reason).toContain(
    'The model asked for $0.00; on these grounds the policy allows $5.00, so it is $5.00.',
  );
});

test('more than the policy owes is suggested only on a ground that allows it, up to the next tier', () => {
  const { evidence } = lateCase('A');
  const about = lateCase('A', {
    evidence: { ...evidence, delivery_minutes: 38.5 },
    policy: { refundClass: 'partial', refundCents: 300 },
    bounds: { minCents: 0, maxCents: 500 },
  });
  const ask = (grounds: ModelAnswer['grounds']) =>
    finalizeAnswer(about, answered({ grounds, refundCents: 99_900 }));
  expect(ask(['late']).refundCents).toBe(300);
  expect(ask(['late', 'near_next_limit'])).toMatchObject({
    refundCents: 500,
    agent: { model_answer: { refund_class: 'full', refund_usd: '999.00' } },
  });
  expect(ask(['near_next_limit']).reason).toContain('The next limit of 38.8 min was 21 s away.');
});

test('each ground holds where the facts say so, and only there', () => {
  const { evidence } = lateCase('A');
  const holding = (change: Partial<typeof evidence>, hasNote = false) => {
    const facts = { evidence: { ...evidence, ...change }, hasNote };
    const denied = findUnfounded(agentGrounds, facts);
    return agentGrounds.filter((ground) => !denied.includes(ground));
  };
  expect(holding({ delivery_minutes: 32.8 })).toEqual(['on_time']);
  expect(holding({ delivery_minutes: 32.81 })).toEqual(['late', 'just_late']);
  expect(holding({ delivery_minutes: 35 })).toEqual(['late']);
  expect(holding({ delivery_minutes: 38.84 })).toEqual(['late', 'near_next_limit']);
  expect(holding({ delivery_minutes: 38.85 })).toEqual(['late', 'very_late', 'just_late']);
  expect(holding({ delivery_minutes: 54.2 })).toEqual(['late', 'very_late', 'long_wait']);
  expect(holding({ delivery_minutes: 35, promised_minutes: 34 }, true)).toEqual([
    'late',
    'past_promise',
    'reviewer_note',
  ]);
  expect(holding({ delivery_minutes: 35, promised_minutes: 35 })).toEqual(['late', 'within_promise']);
  expect(holding({ delivery_minutes: 80, benchmark_source: 'service_level', p50_minutes: null })).toEqual([
    'late',
    'very_late',
    'thin_sample',
  ]);
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
    agent: { code: 'refused', model_answer: null, min_usd: '3.00', max_usd: '5.00' },
  });
});

test('for any answer, the stored class and amount are coherent, within the bounds and storable', () => {
  const cases = fc.record({
    total: fc.integer({ min: 0, max: 100_000 }),
    shares: fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    grounds: fc.subarray([...agentGrounds], { minLength: 1 }),
    refundCents: fc.integer({ min: 0, max: 1e14 }),
    note: fc.string({ minLength: 1, unit: 'binary' }),
  });
  fc.assert(
    fc.property(cases, ({ total, shares, ...answer }) => {
      const [minCents = 0, owed = 0, maxCents = 0] = shares
        .map((share) => Math.floor(share * total))
        .sort((a, b) => a - b);
      const policy = { refundClass: 'partial', refundCents: owed } as const;
      const about = lateCase('A', { totalCents: total, policy, bounds: { minCents, maxCents } });
      const { refundClass, refundCents, agentResponse, agent } = finalizeAnswer(about, answered(answer));
      const may = (...grounds: string[]) => answer.grounds.some((ground) => grounds.includes(ground));
      const mayBeLess = may('just_late', 'within_promise');
      expect(refundCents).toBeGreaterThanOrEqual(mayBeLess ? minCents : owed);
      expect(refundCents).toBeLessThanOrEqual(maxCents);
      expect(amountClassError(refundClass, refundCents, total)).toBeUndefined();
      expect(agent.flags.includes('clamped_to_policy')).toBe(refundCents !== answer.refundCents);
      expect(agentResponse.isWellFormed() && !agentResponse.includes('\u0000')).toBe(true);
    }),
  );
});
