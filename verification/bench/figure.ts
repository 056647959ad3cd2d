/** One measured stage: `count` of `unit` in `seconds`, and how many times the baseline of the same run that is. */
export type Figure = {
  what: string;
  count: number;
  unit: string;
  seconds: number;
  baseline: string;
  ratio: number;
};

export function describeFigure({ what, count, unit, seconds, baseline, ratio }: Figure): string {
  const rate = Math.round(count / seconds).toLocaleString('en-US');
  return `${what}: ${count} ${unit} in ${seconds.toFixed(2)} s (${rate}/s), ${ratio.toFixed(2)} × "${baseline}"`;
}
