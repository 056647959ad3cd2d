import { sql } from 'drizzle-orm/sql';
import type { Connection, Database, Pool } from '#db/client.ts';
import { integer, nullable, oneOf, selectList, text, textArray } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import {
  type CaseStatus,
  caseStatuses,
  caseSteps,
  type EscalateInput,
  type SnoozeInput,
} from '#lib/contract/case.ts';
import { type Actor, mayActAs } from '#lib/contract/person.ts';
import { NotFoundError } from '#lib/errors.ts';
import { caseMoved } from '../rules/conflicts.ts';
import { requireRole } from '../rules/permissions.ts';
import { type Case, caseColumns } from '../rules/records.ts';
import { getCase } from './get-case.ts';

/** How long a claim lasts unless it is renewed. */
export const LEASE_MINUTES = 5;

type Db = Pick<Database, 'pool'>;

/**
 * Claims an order for five minutes, or renews one's own claim. The claim of another person is only over when its time is.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function claimOrder(db: Db, person: Actor, { orderId }: { orderId: string }): Promise<Case> {
  requireRole(person, 'reviewer', 'Claiming an order');
  return takeStep(db, person, { orderId, to: 'claimed', minutes: LEASE_MINUTES });
}

/**
 * Puts an order back into the queue: one's own claim, a snoozed order, and for a lead an escalated one.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function releaseOrder(db: Db, person: Actor, { orderId }: { orderId: string }): Promise<Case> {
  requireRole(person, 'reviewer', 'Releasing an order');
  const from: CaseStatus[] = [
    'claimed',
    'snoozed',
    ...(mayActAs(person, 'lead') ? ['escalated' as const] : []),
  ];
  return takeStep(db, person, { orderId, to: 'queued', from });
}

/**
 * Puts an order aside; it returns to the queue by itself after `minutes`.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function snoozeOrder(db: Db, person: Actor, input: SnoozeInput): Promise<Case> {
  requireRole(person, 'reviewer', 'Snoozing an order');
  return takeStep(db, person, { ...input, to: 'snoozed' });
}

/**
 * Hands an order to the leads: only they decide it or put it back.
 * @throws ConflictError `case_claimed` or `case_moved` (current: Case), NotFoundError, ForbiddenError.
 */
export async function escalateOrder(db: Db, person: Actor, input: EscalateInput): Promise<Case> {
  requireRole(person, 'reviewer', 'Escalating an order');
  return takeStep(db, person, { ...input, to: 'escalated' });
}

type Step = {
  orderId: string;
  to: Extract<CaseStatus, 'queued' | 'claimed' | 'snoozed' | 'escalated'>;
  /** The statuses that it may start from, within what `caseSteps` allows. */
  from?: CaseStatus[];
  /** Minutes until the claim or the snooze ends. */
  minutes?: number;
  note?: string;
};

const updateCase = statement({
  params: {
    orderId: text,
    to: oneOf(caseStatuses),
    from: textArray,
    person: text,
    minutes: nullable(integer),
    note: nullable(text),
  },
  returns: caseColumns,
  sql: ({ orderId, to, from, person, minutes, note }) => sql`
    -- one row where the step was taken, none where another person holds the order or its status does not allow it
    update refunds.cases
    set status = ${to}, assignee = case ${to} when 'claimed' then ${person} end, changed_by = ${person}, note = ${note},
      due_ts = clock_timestamp() + make_interval(mins => ${minutes}), changed_ts = clock_timestamp()
    where order_id = ${orderId} and status = any(${from})
      and (status <> 'claimed' or assignee = ${person} or due_ts <= clock_timestamp())
    returning ${selectList(caseColumns)}`,
});

async function takeStep({ pool }: Db, { email: person }: Actor, step: Step): Promise<Case> {
  const { orderId, to, from = startsOf(to), minutes = null, note = null } = step;
  const [taken] = await updateCase(pool, { orderId, to, from, person, minutes, note });
  if (taken) return taken;
  const current = await getCase(pool, orderId);
  if (!current) throw new NotFoundError(`There is no recommendation for order ${orderId}.`);
  throw caseMoved(current);
}

/** The statuses that a step may start from; a claim is also renewed by its holder. */
function startsOf(to: CaseStatus): CaseStatus[] {
  return caseStatuses.filter((from) => caseSteps[from].includes(to) || (from === to && from === 'claimed'));
}

const endOverdue = statement({
  returns: {},
  sql: () => sql`
    with due as (
      select order_id from refunds.cases where due_ts <= clock_timestamp() for update skip locked
    )
    update refunds.cases as held
    set status = 'queued', assignee = null, due_ts = null, note = null, changed_by = null,
      changed_ts = clock_timestamp()
    from due
    where held.order_id = due.order_id`,
});

/** Puts claims and snoozes whose time is over back into the queue, except those that are being changed right now. */
export async function releaseDue(connection: Pool | Connection): Promise<void> {
  await endOverdue(connection, {});
}
