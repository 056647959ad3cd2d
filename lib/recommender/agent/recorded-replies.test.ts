import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Evidence, evidenceSchema } from '#lib/contract/refund.ts';
import { parseAnswer } from './parse-answer.ts';

/** What a real model wrote about an order, and how that ended: `answered`, or the fault. */
type Recorded = {
  text: string;
  ends: string;
  subject: { orderId: string; totalCents: number; note: string | null; evidence: Evidence };
};

/** Recorded by `npm run eval -- real-model --record`: SmolLM2-135M, which is far too small for the task. */
const recorded = readFileSync(join(import.meta.dirname, 'recorded', 'smollm2.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line, at): [string, Recorded] => {
    const reply = JSON.parse(line) as Recorded;
    return [`${at + 1}: ${reply.ends}`, reply];
  });

test.each(recorded)('reply %s', (_, { text, ends, subject }) => {
  expect(() => evidenceSchema.parse(subject.evidence)).not.toThrow();
  const parsed = parseAnswer(text, subject);
  expect(parsed.ok ? 'answered' : parsed.fault).toBe(ends);
});

test('what a small model writes is mostly useless, and none of it breaks the parser', () => {
  expect(recorded.length).toBeGreaterThanOrEqual(10);
  expect(recorded.filter(([, { ends }]) => ends !== 'answered').length).toBeGreaterThan(recorded.length / 2);
});
