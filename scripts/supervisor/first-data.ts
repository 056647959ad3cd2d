import type { Database } from '#db/client.ts';
import { runStep } from './run-step.ts';
import type { StartContext } from './start-context.ts';

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
  const step = (label: string, script: string, args: string[]) =>
    runStep(context, label, context.command(script, args), signal);
  const orders = ['--days', String(days), '--location', location];
  if (simulate) await step(`Making ${days} days of orders for ${location}`, 'simulate.ts', orders);
  await step('Taking the event files in', 'pipeline.ts', ['--once']);
  await step('Scoring the delivered orders', 'recommend.ts', ['--once']);
  await step('Filling the review queue', 'sync.ts', ['--once']);
}
