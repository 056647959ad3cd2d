/** One measured stage: `count` of `unit` in `seconds`, and the ratio of that to a baseline of the same run. */
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

/** Measures the seconds that `work` takes; returns them with its result. */
export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<{ seconds: number; result: Result }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}
