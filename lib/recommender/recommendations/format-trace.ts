import { z } from 'zod';
import { type AgentEvidence, agentEvidenceSchema, describeAlternatives } from '#lib/contract/refund.ts';
import { formatUsd } from '#lib/money.ts';
import type { StoredRecommendation, Trace } from './get-trace.ts';

/** A trace as text for a terminal: the facts, how the policy arrives at its answer, and what is stored. */
export function formatTrace(trace: Trace): string {
  return [describeOrder(trace), describePolicy(trace), ...describeStored(trace)].join('\n\n').concat('\n');
}

function describeOrder({ orderId, now: { answer }, isHistory }: Trace): string {
  const { location, createdTs, deliveredTs, minutes, totalCents, preparationMinutes } = answer.order;
  return section(`order ${orderId}`, [
    answer.evidence.outcome
      ? `placed ${createdTs}, ${answer.evidence.outcome}, time was up at ${deliveredTs}`
      : `placed ${createdTs}, delivered ${deliveredTs}: ${minutes.toFixed(2)} min`,
    `location ${location ?? 'unknown'}, total ${formatUsd(totalCents)}, slowest brand ${preparationMinutes ?? 'unknown'} min to prepare`,
    isHistory
      ? 'history when the recommender first started: scored if in the sample, or by the backfill'
      : '',
  ]);
}

function describePolicy({ now: { answer, rules } }: Trace): string {
  const { evidence, bounds } = answer;
  const other = describeAlternatives(evidence);
  return section(`policy ${answer.policyVersion}, active now`, [
    ...rules.split('\n'),
    '',
    `compared with: ${evidence.benchmark_source.replace('_', ' ')}, n = ${evidence.sample_size}${describeWindow(evidence)}`,
    `P50 ${formatMinutes(evidence.p50_minutes)}, P75 ${formatMinutes(evidence.p75_minutes)}, P99 ${formatMinutes(evidence.p99_minutes)}`,
    ...(evidence.limits ?? []).map(
      ({ above_minutes, refund_percent }) => `above ${formatMinutes(above_minutes)}: ${refund_percent} %`,
    ),
    `answer: ${answer.refundClass} ${formatUsd(answer.refundCents)}. ${answer.reason}`,
    other === '' ? 'no other delivery time would change it' : `instead: ${other}`,
    `bounds for an agent: ${formatUsd(bounds.minCents)} to ${formatUsd(bounds.maxCents)}`,
  ]);
}

function describeWindow({ window_from, window_to }: Trace['now']['answer']['evidence']): string {
  return window_from ? `, from ${window_from} to ${window_to}` : '';
}

function describeStored({ stored, queued }: Trace): string[] {
  const queue = queued.map(
    ({ rerun, since, notBefore, attempts }) =>
      `run ${rerun}: queued for the agent since ${since}, not before ${notBefore}, ${attempts} attempts`,
  );
  if (stored.length === 0) return [section('stored', ['nothing yet', ...queue])];
  return [...stored.map(describeRecommendation), ...(queue.length > 0 ? [section('queued', queue)] : [])];
}

function describeRecommendation(row: StoredRecommendation): string {
  const amount = row.refundCents === null ? 'no answer' : `${row.refundClass} ${formatUsd(row.refundCents)}`;
  const scorer = [
    `policy ${row.policyVersion}`,
    row.model,
    row.promptVersion && `prompt ${row.promptVersion}`,
  ];
  return section(`stored ${row.id}: ${row.source}, run ${row.rerun}`, [
    `${row.ts}  ${amount}  by ${scorer.filter(Boolean).join(', ')}${describeCost(row)}`,
    row.reason,
    ...(row.note ? [`note of ${row.requestedBy ?? 'an unknown person'}: ${row.note}`] : []),
    ...(row.source === 'agent' || row.model !== null ? [`response: ${row.agentResponse}`] : []),
    ...describeAgent(row),
  ]);
}

function describeCost({ latencyMs, tokens }: StoredRecommendation): string {
  return latencyMs === null ? '' : `, ${latencyMs} ms, ${tokens ?? 'unknown'} tokens`;
}

const toolRunsSchema = z.array(
  z.object({ tool: z.string(), arguments: z.unknown(), ok: z.boolean(), result: z.unknown() }),
);

/** What a model answered, the checks of its answer, and its tool calls; empty where no model was called. */
function describeAgent({ evidence, trace }: StoredRecommendation): string[] {
  const agent = agentEvidenceSchema.safeParse(evidence.agent).data;
  return [...(agent ? describeAnswer(agent) : []), ...describeToolRuns(trace)];
}

function describeAnswer(agent: AgentEvidence): string[] {
  const { model_answer: model, policy_answer: policy, flags, grounds, note, confidence } = agent;
  const answer = model ? `${model.refund_class} $${model.refund_usd}` : `nothing usable (${agent.code})`;
  return [
    `the model said ${answer}, the policy ${policy.refund_class} $${policy.refund_usd}, allowed $${agent.min_usd} to $${agent.max_usd}; ${agent.requests} requests`,
    ...(confidence
      ? [`confidence ${confidence}${flags.map((flag) => `, ${flag.replaceAll('_', ' ')}`).join('')}`]
      : []),
    ...(grounds.length > 0 ? [`grounds: ${grounds.join(', ')}`] : []),
    ...(note === null ? [] : [`the model's words: ${note}`]),
  ];
}

function describeToolRuns(trace: unknown): string[] {
  const runs = toolRunsSchema.safeParse(trace);
  if (!runs.success) return trace ? [`trace: ${JSON.stringify(trace, null, 2)}`] : [];
  return runs.data.map(
    ({ tool, arguments: input, ok, result }) =>
      `${ok ? 'called' : 'refused'} ${tool} ${JSON.stringify(input)}: ${JSON.stringify(result)}`,
  );
}

function section(title: string, lines: string[]): string {
  return [title, ...lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`.trimEnd())].join('\n');
}

function formatMinutes(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(2)} min`;
}
