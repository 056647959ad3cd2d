import type { Connection, Pool } from '#db/client.ts';
import { type CaseStatus, caseStatuses, caseSteps } from '#lib/contract/case.ts';
import type { Person } from '#lib/contract/person.ts';
import { NotFoundError } from '#lib/errors.ts';
import { caseMoved } from './conflicts.ts';
import { type CaseRow, caseRow, getCase, readCase } from './get-case.ts';
import type { Case } from './types.ts';

export type Step = {
  orderId: string;
  to: Extract<CaseStatus, 'queued' | 'claimed' | 'snoozed' | 'escalated'>;
  /** Where it may come from, within what `caseSteps` allows. */
  from?: readonly CaseStatus[];
  /** Minutes until the claim or the snooze ends. */
  minutes?: number;
  note?: string;
};

/**
 * Takes an order one step, unless somebody else holds it.
 * @throws ConflictError `case_claimed` or `case_moved`, whose `current` is the Case; NotFoundError.
 */
export async function stepCase(
  pool: Pool | Connection,
  person: Pick<Person, 'email'>,
  step: Step,
): Promise<Case> {
  const { orderId, to, minutes = null, note = null } = step;
  const { rows } = await pool.query<CaseRow>(
    `
    -- one row where the step was taken
    update refunds.cases
    set status = $2, assignee = case $2 when 'claimed' then $3 end, changed_by = $3, note = $5,
      due_ts = clock_timestamp() + make_interval(mins => $4), changed_ts = clock_timestamp()
    where order_id = $1 and status = any($6)
      and (status <> 'claimed' or assignee = $3 or due_ts <= clock_timestamp())
    returning ${caseRow}`,
    [orderId, to, person.email, minutes, note, step.from ?? origins(to)],
  );
  if (rows[0]) return readCase(rows[0]);
  const current = await getCase(pool, orderId);
  if (!current) throw new NotFoundError(`There is no recommendation for order ${orderId}.`);
  throw caseMoved(current);
}

/** The statuses that a step may start from; a claim is renewed by its holder. */
function origins(to: CaseStatus): CaseStatus[] {
  return caseStatuses.filter((from) => caseSteps[from].includes(to) || (from === to && from === 'claimed'));
}
