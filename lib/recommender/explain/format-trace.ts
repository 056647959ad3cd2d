import { describeAlternatives } from '#lib/contract/refund.ts';
import { formatUsd } from '#lib/money.ts';
import { describeAgent } from './describe-agent.ts';
import type { Trace } from './get-trace.ts';
import type { StoredRecommendation } from './list-recommendations.ts';

/** A trace as text for a terminal: the facts, how the policy comes to its answer, and what is stored. */
export function formatTrace(trace: Trace): string {
  return [describeOrder(trace), describePolicy(trace), ...describeStored(trace)].join('\n\n').concat('\n');
}

function describeOrder({ orderId, now: { answer }, isHistory }: Trace): string {
  const { location, createdTs, deliveredTs, minutes, totalCents, preparationMinutes } = answer.order;
  return section(`order ${orderId}`, [
    answer.evidence.outcome
      ? `placed ${createdTs}, ${answer.evidence.outcome}, waited for until ${deliveredTs}`
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
    `measured against: ${evidence.benchmark_source.replace('_', ' ')}, n = ${evidence.sample_size}${describeWindow(evidence)}`,
    `P50 ${minutes(evidence.p50_minutes)}, P75 ${minutes(evidence.p75_minutes)}, P99 ${minutes(evidence.p99_minutes)}`,
    ...(evidence.limits ?? []).map(
      ({ above_minutes, refund_percent }) => `above ${minutes(above_minutes)}: ${refund_percent} %`,
    ),
    `answer: ${answer.refundClass} ${formatUsd(answer.refundCents)}. ${answer.reason}`,
    other === '' ? 'nothing about the delivery would change it' : `instead: ${other}`,
    `another scorer is held to ${formatUsd(bounds.minCents)} to ${formatUsd(bounds.maxCents)}`,
  ]);
}

function describeWindow({ window_from, window_to }: Trace['now']['answer']['evidence']): string {
  return window_from ? `, from ${window_from} to ${window_to}` : '';
}

function describeStored({ stored, waiting }: Trace): string[] {
  const queue = waiting.map(
    ({ rerun, since, notBefore, attempts }) =>
      `run ${rerun} waits for the agent since ${since}, not before ${notBefore}, asked ${attempts} times`,
  );
  if (stored.length === 0) return [section('stored', ['nothing yet', ...queue])];
  return [...stored.map(describeRecommendation), ...(queue.length > 0 ? [section('waiting', queue)] : [])];
}

function describeRecommendation(row: StoredRecommendation): string {
  const amount = row.refundClass === null ? 'no answer' : `${row.refundClass} $${row.refundUsd}`;
  const scorer = [
    `policy ${row.policyVersion}`,
    row.model,
    row.promptVersion && `prompt ${row.promptVersion}`,
  ];
  return section(`stored ${row.id}: ${row.source}, run ${row.rerun}`, [
    `${row.ts}  ${amount}  by ${scorer.filter(Boolean).join(', ')}${describeCost(row)}`,
    row.reason,
    ...(row.note ? [`note of ${row.requestedBy ?? 'somebody'}: ${row.note}`] : []),
    ...(row.source === 'agent' || row.source === 'error' ? [`response: ${row.agentResponse}`] : []),
    ...describeAgent(row),
  ]);
}

function describeCost({ latencyMs, tokens }: StoredRecommendation): string {
  return latencyMs === null ? '' : `, ${latencyMs} ms, ${tokens ?? 'unknown'} tokens`;
}

function section(title: string, lines: string[]): string {
  return [title, ...lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`.trimEnd())].join('\n');
}

function minutes(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(2)} min`;
}
