import { z } from 'zod';
import { agentEvidenceSchema } from '#lib/contract/refund.ts';
import type { StoredRecommendation } from './list-recommendations.ts';

const traceSchema = z.array(
  z.object({ tool: z.string(), arguments: z.unknown(), ok: z.boolean(), result: z.unknown() }),
);

/** What a model answered, what it looked up for it, and what speaks against it; empty where no model was asked. */
export function describeAgent({
  evidence,
  trace,
}: Pick<StoredRecommendation, 'evidence' | 'trace'>): string[] {
  const agent = agentEvidenceSchema.safeParse(evidence.agent).data;
  return [...(agent ? describeAnswer(agent) : []), ...describeLookUps(trace)];
}

function describeAnswer(agent: z.infer<typeof agentEvidenceSchema>): string[] {
  const { model_answer, policy_answer, min_usd, max_usd, flags, contradictions, confidence, requests } =
    agent;
  const answer = model_answer
    ? `${model_answer.refund_class} $${model_answer.refund_usd}`
    : `nothing usable (${agent.code})`;
  return [
    `the model said ${answer}, the policy ${policy_answer.refund_class} $${policy_answer.refund_usd}, allowed $${min_usd} to $${max_usd}; ${requests} requests`,
    ...(confidence
      ? [`confidence ${confidence}${flags.map((flag) => `, ${flag.replaceAll('_', ' ')}`).join('')}`]
      : []),
    ...contradictions.map((contradiction) => `contradicts the data: ${contradiction}`),
  ];
}

function describeLookUps(trace: unknown): string[] {
  const runs = traceSchema.safeParse(trace);
  if (!runs.success) return trace ? [`trace: ${JSON.stringify(trace, null, 2)}`] : [];
  return runs.data.map(
    ({ tool, arguments: given, ok, result }) =>
      `${ok ? 'looked up' : 'was refused'} ${tool} ${JSON.stringify(given)}: ${JSON.stringify(result)}`,
  );
}
