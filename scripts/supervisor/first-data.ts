import type { Database } from '#db/client.ts';
import { type CommandStep, runStep } from './run-step.ts';
import type { ScriptCall, StartContext } from './start-context.ts';

/** Whether the queue has rows already; then everything goes on in the background. */
export async function hasQueue({ pool }: Pick<Database, 'pool'>): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    'select exists (select from recommender.pg_recommendations) as found',
  );
  return rows[0]?.found ?? false;
}

/**
 * Fills an empty system: days of orders up to now, through the pipeline and the recommender into the queue. Each
 * command goes on where an interrupted start left it, so it is safe to run again.
 */
export async function runFirstData(context: StartContext, signal: AbortSignal): Promise<void> {
  const { days, location, simulate } = context.options;
  const step = (label: string, [script, ...args]: ScriptCall, note?: CommandStep['note']) =>
    runStep(context, { label, spec: context.command(script, args), note }, signal);
  const making: ScriptCall = ['simulate.ts', '--days', `${days}`, '--location', location, '--json'];
  if (simulate)
    await step(`Making ${days} days of orders for ${location}`, making, countOf('orders', 'orders'));
  await step('Taking the event files in', ['pipeline.ts', '--once'], countOf('events', 'events'));
  await step('Scoring the delivered orders', ['recommend.ts', '--once'], countOf('added', 'recommendations'));
  await step('Filling the review queue', ['sync.ts', '--once'], countOf('written', 'rows'));
}

/** Reads one count of what a command prints as JSON, summed over a list: `552 orders`. */
function countOf(key: string, unit: string): (result: string) => string {
  return (result) => {
    const reports: Record<string, number>[] = [JSON.parse(result)].flat();
    return `${reports.reduce((sum, report) => sum + (report[key] ?? 0), 0).toLocaleString('en')} ${unit}`;
  };
}
