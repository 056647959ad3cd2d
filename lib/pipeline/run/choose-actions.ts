import { UsageError } from '#lib/errors.ts';
import { ALL_RULES, rules } from '../tables/bronze/rules.ts';
import type { Action } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';

/** What each expectation may do: one over a batch warns or fails, one of ingestion drops or fails. */
const choices = new Map<string, readonly Action[]>([
  ...flow.flatMap(({ name, expectations }) =>
    expectations.flatMap((rule): [string, Action[]][] =>
      'sql' in rule ? [[`${name}.${rule.name}`, ['warn', 'fail']]] : [],
    ),
  ),
  ...[ALL_RULES, ...Object.keys(rules)].map((name): [string, Action[]] => [
    `all_events.${name}`,
    ['drop', 'fail'],
  ]),
]);

/** Reads "table.rule=action" texts. @throws UsageError where there is no such rule, or it cannot do that. */
export function chooseActions(texts: readonly string[]): Map<string, Action> {
  return new Map(
    texts.map((text) => {
      const [rule = '', wanted = ''] = text.split('=');
      const allowed = choices.get(rule);
      if (!allowed)
        throw new UsageError(`There is no rule "${rule}". Choose one of ${[...choices.keys()].join(', ')}.`);
      const action = allowed.find((choice) => choice === wanted);
      if (!action) throw new UsageError(`${rule} can be ${allowed.join(' or ')}, not "${wanted}".`);
      return [rule, action];
    }),
  );
}
