import type { PlanReport } from '#lib/simulator/index.ts';

/** Says what a run would write, for people or as JSON. */
export function printPlan(plan: PlanReport[], volume: string, json: boolean): void {
  const sum = (key: 'orders' | 'events' | 'files' | 'bytes') =>
    plan.reduce((total, location) => total + location[key], 0);
  const total = { orders: sum('orders'), events: sum('events'), files: sum('files'), bytes: sum('bytes') };
  const lines = plan.map(
    (each) =>
      `${each.location} (seed ${each.seed}): ${days(each)} days, ${each.from} to ${each.to}: ${describe(each)}\n`,
  );
  const text = `${lines.join('')}all: ${describe(total)} into ${volume}; nothing was written\n`;
  process.stdout.write(json ? `${JSON.stringify(plan)}\n` : text);
}

type Amounts = Pick<PlanReport, 'orders' | 'events' | 'files' | 'bytes'>;

function describe({ orders, events, files, bytes }: Amounts): string {
  const count = (value: number) => value.toLocaleString('en');
  return `about ${count(orders)} orders, ${count(events)} events, ${count(files)} files, ${(bytes / 1e6).toFixed(1)} MB`;
}

function days({ from, to }: PlanReport): string {
  return ((Date.parse(to) - Date.parse(from)) / 86_400_000).toFixed(1);
}
