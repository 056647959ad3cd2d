import { formatUsd } from '#lib/money.ts';
import type { Comparison } from './compare-runs.ts';
import type { CaseResult } from './eval-run.ts';
import { type Part, parts } from './labels.ts';
import { type Fairness, measureFairness, type Service, type View } from './measure.ts';
import type { Agreement } from './people.ts';

/** The results of one scorer, as a line of a report. */
export type Scored = { name: string; results: readonly CaseResult[]; view?: View };

const titles: Record<Part, string> = {
  rule: 'Applies the rule: what policy v1 owes',
  judged: 'Fair decisions: judged by hand, not by the policy',
};
const NAME_WIDTH = 50;

/** A report: for each part all scorers on the same orders, then each kind of order, whose share is that of right amounts. */
export function describeReport(scorers: readonly Scored[]): string {
  return parts.flatMap((part) => describePart(part, scorers)).join('\n');
}

function describePart(part: Part, scorers: readonly Scored[]): string[] {
  const ofPart = scorers.map(({ results, ...rest }) => ({
    ...rest,
    results: results.filter((one) => one.part === part),
  }));
  const [first] = ofPart;
  if (!first || first.results.length === 0) return [];
  const kinds = [...new Set(first.results.map(({ kind }) => kind))];
  return [
    `${titles[part]} (${first.results.length} orders)`,
    row('', 'right class', 'right amount', 'paid too much', 'paid too little'),
    ...ofPart.map(({ name, results, view }) => describeFairness(name, measureFairness(results, view))),
    '  by kind:',
    ...kinds.flatMap((kind) => [
      `  ${kind.replaceAll('_', ' ')}`,
      ...ofPart.map(({ name, results, view }) =>
        describeFairness(
          `  ${name}`,
          measureFairness(
            results.filter((one) => one.kind === kind),
            view,
          ),
        ),
      ),
    ]),
    '',
  ];
}

function describeFairness(name: string, { cases, rightClass, rightAmount, ...money }: Fairness): string {
  const { paidTooMuchCents, paidTooLittleCents } = money;
  const share = (count: number) => (cases === 0 ? '–' : `${((100 * count) / cases).toFixed(1)} %`);
  return row(
    name,
    share(rightClass),
    share(rightAmount),
    formatUsd(paidTooMuchCents),
    formatUsd(paidTooLittleCents),
  );
}

function row(name: string, ...cells: string[]): string {
  return `  ${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(17)).join('')}`;
}

/** How the conversations with a model went, as lines of text. */
export function describeService(name: string, service: Service): string {
  const { codes, asked, notAsked, answered, fallbacks, clamped, agreesWithPolicy } = service;
  const { latencyMsP50, latencyMsP95, promptTokens, completionTokens, costUsd } = service;
  const ms = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`);
  const why = Object.entries(codes).map(([code, count]) => `${code} ${count}`);
  return [
    `${name}`,
    `  asked ${asked} (${notAsked} orders left nothing to choose), answered ${answered}, fallbacks to the policy ${fallbacks}${why.length > 0 ? ` (${why.join(', ')})` : ''}`,
    `  clamped ${clamped}, same amount as the policy ${agreesWithPolicy}`,
    `  latency p50 ${ms(latencyMsP50)}, p95 ${ms(latencyMsP95)}; tokens ${promptTokens} + ${completionTokens}${costUsd === null ? '' : `; cost $${costUsd.toFixed(4)}`}`,
  ].join('\n');
}

/** The agreement with people's decisions as lines of text. */
export function describeAgreement(agreements: readonly Agreement[]): string {
  if (agreements.length === 0) return 'Decisions of people: there are none in the database.';
  const lines = agreements.map(({ scorer, decisions, agreed, tooMuch, tooLittle }) =>
    row(
      scorer,
      `${decisions}`,
      `${((100 * agreed) / decisions).toFixed(1)} %`,
      formatUsd(tooMuch),
      formatUsd(tooLittle),
    ),
  );
  return [
    'Decisions of people',
    row('', 'decisions', 'same amount', 'more than they', 'less than they'),
    ...lines,
  ].join('\n');
}

/** A comparison as lines of text: the totals of both runs, and every order with another answer. */
export function describeComparison({ before, after, changed, onlyBefore, onlyAfter }: Comparison): string {
  const countBetter = (which: string) => changed.filter((one) => one.better === which).length;
  return [
    row('', 'right class', 'right amount', 'paid too much', 'paid too little'),
    describeFairness(`before: ${before.scorer}`, before.fairness),
    describeFairness(`after: ${after.scorer}`, after.fairness),
    `Orders with another answer: ${changed.length} (better ${countBetter('after')}, worse ${countBetter('before')})`,
    ...changed.map(
      ({ orderId, kind, label, before, after, better }) =>
        `  ${orderId} (${kind}): ${before} → ${after}, label ${label}; better: ${better}`,
    ),
    ...[...onlyBefore, ...onlyAfter].map((orderId) => `  ${orderId}: only in one of the runs`),
  ].join('\n');
}
