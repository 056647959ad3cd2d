import { type Database, inTransaction } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';
import { lockRecommendations } from '../insert-recommendations.ts';
import { parsePolicy } from './rules.ts';

type Row = { rules: unknown; is_active: boolean };

/**
 * Makes a policy the one that scores from now on; what is recommended already stays as it is.
 * @returns false where it is the active one already. @throws OperatorError where there is no such policy or its
 * rules do not hold.
 */
export async function activatePolicy(db: Database, version: string, now: Date): Promise<boolean> {
  return inTransaction(db.pool, async (connection) => {
    await lockRecommendations(connection);
    const { rows } = await connection.query<Row>(
      `
      -- at most one row: the policy wanted
      select policy.rules, policy.version = active.version as is_active
      from recommender.policies as policy, recommender.active_policy as active
      where policy.version = $1`,
      [version],
    );
    const [row] = rows;
    if (!row)
      throw new OperatorError(
        `There is no policy ${version}. See recommend policy list, or store one with recommend policy add FILE.`,
      );
    parsePolicy(row.rules, version);
    if (row.is_active) return false;
    await connection.query(
      'insert into recommender.policy_activations (version, activated_at) values ($1, $2)',
      [version, now],
    );
    return true;
  });
}
