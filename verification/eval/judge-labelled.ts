import type { Connection } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';
import type { PolicyAnswer } from '#lib/recommender/index.ts';
import {
  getActivePolicy,
  getDeliveries,
  type Policy,
  parsePolicy,
  scoreOrders,
} from '#lib/recommender/index.ts';
import type { GoldenLabel } from './golden-set.ts';

/** A labelled order with what a policy says about it. */
export type JudgedLabel = { label: GoldenLabel; policyAnswer: PolicyAnswer };

type Connected = Pick<Connection, 'query'>;

/** The policy of a version, or the active one. @throws OperatorError where there is none of that version. */
export async function getPolicy(connection: Connected, version?: string): Promise<Policy> {
  if (version === undefined) return getActivePolicy(connection);
  const { rows } = await connection.query<{ rules: unknown }>(
    'select rules from recommender.policies where version = $1',
    [version],
  );
  const [row] = rows;
  if (!row) throw new OperatorError(`There is no policy ${version}.`);
  return parsePolicy(row.rules, version);
}

/** Scores the labelled orders, which the database must hold, by a policy; in the order of the labels. */
export async function judgeLabelled(
  connection: Connected,
  policy: Policy,
  labels: readonly GoldenLabel[],
): Promise<JudgedLabel[]> {
  const orders = await getDeliveries(
    connection,
    labels.map(({ order_id }) => order_id),
  );
  const answers = await scoreOrders(connection, policy, orders);
  const byOrder = new Map(answers.map((answer) => [answer.order.orderId, answer]));
  return labels.map((label) => {
    const policyAnswer = byOrder.get(label.order_id);
    if (!policyAnswer) throw new Error(`the golden order ${label.order_id} is not in the database`);
    return { label, policyAnswer };
  });
}
