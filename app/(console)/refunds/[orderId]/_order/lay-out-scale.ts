import type { Evidence } from '#lib/contract/refund.ts';

/** A percentile on the scale; `at` is in percent of its width, `row` keeps neighbours' names apart. */
export type ScaleMark = { name: string; at: number; row: 0 | 1 };

const CLOSE = 9;

/** Places a delivery and its location's percentiles on a scale from 0; all in percent of the width. */
export function layOutScale(evidence: Evidence) {
  const { delivery_minutes, p50_minutes, p75_minutes, p99_minutes } = evidence;
  const end = Math.max(p99_minutes * 1.12, delivery_minutes * 1.04, 1);
  const at = (minutes: number) => Math.min(Math.max((minutes / end) * 100, 0), 100);
  const named = [
    { name: 'P50', minutes: p50_minutes },
    { name: 'P75', minutes: p75_minutes },
    { name: 'P99', minutes: p99_minutes },
  ].flatMap(({ name, minutes }) => (minutes === null ? [] : [{ name, at: at(minutes) }]));
  return { minutes: at(delivery_minutes), p75: at(p75_minutes), p99: at(p99_minutes), marks: stagger(named) };
}

function stagger(marks: { name: string; at: number }[]): ScaleMark[] {
  const placed: ScaleMark[] = [];
  for (const mark of marks) {
    const before = placed.at(-1);
    const crowded = before !== undefined && before.row === 0 && mark.at - before.at < CLOSE;
    placed.push({ ...mark, row: crowded ? 1 : 0 });
  }
  return placed;
}
