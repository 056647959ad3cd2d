import type { Connection } from '#db/client.ts';
import { ExpectationFailedError } from '#lib/errors.ts';
import { ALL_RULES } from '../tables/bronze/rules.ts';
import type { Action, BatchContext, Dataset } from '../tables/dataset/dataset.ts';

/** How many records of a batch held to an expectation and how many did not. */
export type ExpectationResult = {
  dataset: string;
  expectation: string;
  action: Action;
  passed: number;
  failed: number;
};

/**
 * Counts what a batch brought to `dataset` against its expectations, after its refresh, in one question.
 * @throws ExpectationFailedError where one that is to stop the pipeline is not met.
 */
export async function checkExpectations(
  connection: Connection,
  context: BatchContext,
  { name: dataset, expectations }: Dataset,
): Promise<ExpectationResult[]> {
  const rules = expectations.filter((rule) => 'sql' in rule);
  if (rules.length === 0) return [];
  const { rows } = await connection.query<{ place: number; passed: string; failed: string }>(
    rules
      .map(({ sql }, place) => `select ${place} as place, passed, failed from (${sql}) as rule`)
      .join('\nunion all\n'),
  );
  return rules.map(({ name: expectation, action }, place) => {
    const counts = rows.find((row) => row.place === place);
    const passed = Number(counts?.passed ?? 0);
    const failed = Number(counts?.failed ?? 0);
    return judge(context, { dataset, expectation, action, passed, failed });
  });
}

/**
 * What the rules of ingestion let pass and dropped: one result for all of them, and one for each that was broken.
 * @throws ExpectationFailedError where one of them is to stop the pipeline.
 */
export function countDrops(
  context: BatchContext,
  records: number,
  rulesBroken: readonly string[],
): ExpectationResult[] {
  const failures = new Map<string, number>([[ALL_RULES, rulesBroken.length]]);
  for (const rule of rulesBroken) failures.set(rule, (failures.get(rule) ?? 0) + 1);
  return [...failures].map(([expectation, failed]) =>
    judge(context, { dataset: 'all_events', expectation, action: 'drop', passed: records - failed, failed }),
  );
}

function judge({ batchId, actions }: BatchContext, result: ExpectationResult): ExpectationResult {
  const { dataset, expectation, passed, failed } = result;
  const action = actions?.get(`${dataset}.${expectation}`) ?? result.action;
  if (action === 'fail' && failed > 0)
    throw new ExpectationFailedError(
      `Batch ${batchId} breaks the rule ${dataset}.${expectation}: ${failed} of ${passed + failed} do not hold to it. ` +
        `Nothing of the batch was kept. Mend its files, or let it pass with --expect ${dataset}.${expectation}=${result.action === 'drop' ? 'drop' : 'warn'}.`,
    );
  return { ...result, action };
}

const write = `
insert into lakeflow.expectation_results (batch_id, dataset, expectation, action, passed, failed)
select $1, result.*
from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) as result`;

/** Writes the results of a batch, within its transaction. */
export async function recordExpectations(
  connection: Connection,
  { batchId }: BatchContext,
  results: readonly ExpectationResult[],
): Promise<void> {
  await connection.query(write, [
    batchId,
    results.map((result) => result.dataset),
    results.map((result) => result.expectation),
    results.map((result) => result.action),
    results.map((result) => result.passed),
    results.map((result) => result.failed),
  ]);
}
