import { formatUsd } from '#lib/money.ts';
import type { CaseResult } from '../eval/eval-run.ts';
import { measureFairness, type Service } from '../eval/measure.ts';

/** The table of docs/models.md in Markdown: what a model gave for some orders, beside what the policy alone gives. */
export function describeTrial(results: readonly CaseResult[], service: Service): string {
  const { asked, answered, fallbacks, codes, clamped, promptTokens, completionTokens } = service;
  const seconds = results.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / 1000;
  const byPolicy = results.map((result) => ({ ...result, given: result.policy }));
  const why = Object.entries(codes).map(([code, count]) => `${code} ${count}`);
  const perOrder = (total: number, digits: number) => (asked === 0 ? '–' : (total / asked).toFixed(digits));
  const rows: [string, string][] = [
    ['orders asked about', `${asked}`],
    ['answered', `${answered}`],
    ['fallbacks to the policy', `${fallbacks}${why.length > 0 ? ` (${why.join(', ')})` : ''}`],
    ['clamped', `${clamped}`],
    ['tokens an order, read + written', `${perOrder(promptTokens, 0)} + ${perOrder(completionTokens, 0)}`],
    ['seconds an order', perOrder(seconds, 1)],
    ['paid too much, too little: as recommended', describeMoney(measureFairness(results))],
    ['the model alone, unclamped', describeMoney(measureFairness(results, 'alone'))],
    ['the policy alone', describeMoney(measureFairness(byPolicy))],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function describeMoney({ paidTooMuchCents, paidTooLittleCents }: ReturnType<typeof measureFairness>): string {
  return `${formatUsd(paidTooMuchCents)}, ${formatUsd(paidTooLittleCents)}`;
}
