import type { Connection } from '#db/client.ts';
import { ExpectationFailedError, UsageError } from '#lib/errors.ts';
import { ALL_RULES, rules } from '../tables/bronze/rules.ts';
import type { Action, BatchContext, Dataset } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';

/** How many records of a batch meet an expectation and how many do not. */
export type ExpectationResult = {
  dataset: string;
  expectation: string;
  action: Action;
  passed: number;
  failed: number;
};

/**
 * Counts the rows that a batch brought to `dataset` against its expectations, after its refresh, in one query. It uses
 * temporary tables of the session, so the test of all statements cannot prepare it.
 * @throws ExpectationFailedError if one whose action is `fail` is not met.
 */
export async function checkExpectations(
  connection: Connection,
  context: BatchContext,
  { name: dataset, expectations }: Dataset,
): Promise<ExpectationResult[]> {
  const checked = expectations.filter((expectation) => 'sql' in expectation);
  if (checked.length === 0) return [];
  const { rows } = await connection.query<{ place: number; passed: string; failed: string }>(
    checked
      .map(({ sql }, place) => `select ${place} as place, passed, failed from (${sql}) as expectation`)
      .join('\nunion all\n'),
  );
  return checked.map(({ name: expectation, action }, place) => {
    const counts = rows.find((row) => row.place === place);
    const passed = Number(counts?.passed ?? 0);
    const failed = Number(counts?.failed ?? 0);
    return applyAction(context, { dataset, expectation, action, passed, failed });
  });
}

/**
 * Counts the records that the rules of ingestion accepted and dropped: one result for all rules together, and one for
 * each rule that was broken.
 * @throws ExpectationFailedError if a rule whose action is `fail` was broken.
 */
export function countDrops(
  context: BatchContext,
  records: number,
  brokenRules: readonly string[],
): ExpectationResult[] {
  const failures = new Map<string, number>([[ALL_RULES, brokenRules.length]]);
  for (const rule of brokenRules) failures.set(rule, (failures.get(rule) ?? 0) + 1);
  return [...failures].map(([expectation, failed]) =>
    applyAction(context, {
      ...{ dataset: 'all_events', expectation, action: 'drop', passed: records - failed, failed },
    }),
  );
}

function applyAction({ batchId, actions }: BatchContext, result: ExpectationResult): ExpectationResult {
  const { dataset, expectation, passed, failed } = result;
  const action = actions?.get(`${dataset}.${expectation}`) ?? result.action;
  if (action === 'fail' && failed > 0)
    throw new ExpectationFailedError(
      `Batch ${batchId} breaks the rule ${dataset}.${expectation}: ${failed} of ${passed + failed} do not meet it. ` +
        `Nothing of the batch was kept. Correct its files, or accept it with --expect ${dataset}.${expectation}=${result.action === 'drop' ? 'drop' : 'warn'}.`,
    );
  return { ...result, action };
}

const insertResults = `
insert into lakeflow.expectation_results (batch_id, dataset, expectation, action, passed, failed)
select $1, result.*
from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) as result`;

/** Stores the results of a batch, within its transaction. */
export async function recordExpectations(
  connection: Connection,
  { batchId }: BatchContext,
  results: readonly ExpectationResult[],
): Promise<void> {
  await connection.query(insertResults, [
    batchId,
    results.map((result) => result.dataset),
    results.map((result) => result.expectation),
    results.map((result) => result.action),
    results.map((result) => result.passed),
    results.map((result) => result.failed),
  ]);
}

/** The actions that each expectation can have: over a batch warn or fail, of ingestion drop or fail. */
const possibleActions = new Map<string, readonly Action[]>([
  ...flow.flatMap(({ name, expectations }) =>
    expectations.flatMap((expectation): [string, Action[]][] =>
      'sql' in expectation ? [[`${name}.${expectation.name}`, ['warn', 'fail']]] : [],
    ),
  ),
  ...[ALL_RULES, ...Object.keys(rules)].map((name): [string, Action[]] => [
    `all_events.${name}`,
    ['drop', 'fail'],
  ]),
]);

/** Reads texts "table.rule=action". @throws UsageError for an unknown rule, or an action that it cannot have. */
export function readActions(texts: readonly string[]): Map<string, Action> {
  return new Map(
    texts.map((text) => {
      const [rule = '', wanted = ''] = text.split('=');
      const possible = possibleActions.get(rule);
      if (!possible)
        throw new UsageError(
          `There is no rule "${rule}". Choose one of ${[...possibleActions.keys()].join(', ')}.`,
        );
      const action = possible.find((choice) => choice === wanted);
      if (!action) throw new UsageError(`${rule} can be ${possible.join(' or ')}, not "${wanted}".`);
      return [rule, action];
    }),
  );
}
