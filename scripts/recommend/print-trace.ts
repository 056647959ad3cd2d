import type { Database } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';
import { formatTrace, getTrace } from '#lib/recommender/index.ts';

/** Prints how an order was scored. @throws OperatorError where it is on its way, or unknown. */
export async function printTrace(database: Database, orderId: string, forPeople: boolean): Promise<void> {
  const trace = await getTrace(database, orderId);
  if (!trace)
    throw new OperatorError(
      `No order ${orderId} is delivered or over its time, as far as the pipeline has come.`,
    );
  process.stdout.write(forPeople ? formatTrace(trace) : `${JSON.stringify(trace)}\n`);
}
