import { sql } from 'drizzle-orm/sql';
import type { Database, Pool } from '#db/client.ts';
import { count, integer, nullable, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/** The last row of the chain as it was once seen. Kept outside of the database, it reveals rows cut off the end. */
export type AuditAnchor = { seq: number; hash: string };

type AuditFinding = { seq: number; problem: string };

/**
 * `findings` are the broken rows in order, at most `limit` of `broken`; `head` is the last row, null in an empty log.
 */
type AuditReport = {
  rows: number;
  broken: number;
  findings: AuditFinding[];
  head: AuditAnchor | null;
};

/** One row per broken row, in order; at least one row, which carries the counts. */
const findBrokenRows = statement({
  params: { limit: integer },
  returns: { seq: nullable(count), problem: nullable(text), rows: integer, broken: integer },
  sql: ({ limit }) => sql`
    with linked as (
      select
        entry.seq, entry.hash as stored, entry.prev_hash, auth.audit_hash(entry) as computed,
        lag(entry.hash, 1, sha256('caspers'::bytea)) over (order by entry.seq) as expected_prev,
        lag(entry.seq, 1, 0::bigint) over (order by entry.seq) as previous
      from auth.audit_log as entry
    ), checked as (
      select seq, case
        when stored <> computed then 'its content was altered'
        when seq <> previous + 1 then 'rows before it are missing'
        when prev_hash <> expected_prev then 'it does not follow the row before it'
      end as problem
      from linked
    ), broken as (
      select seq, problem from checked where problem is not null order by seq limit ${limit}
    )
    select
      broken.seq, broken.problem, (select count(*) from checked)::integer as rows,
      (select count(*) from checked where problem is not null)::integer as broken
    from (select) as always
    left join broken on true
    order by broken.seq`,
});

const findHead = statement({
  returns: { seq: count, hash: text },
  sql: () => sql`select seq, encode(hash, 'hex') as hash from auth.audit_log order by seq desc limit 1`,
});

const findHash = statement({
  params: { seq: count },
  returns: { hash: text },
  sql: ({ seq }) => sql`select encode(hash, 'hex') as hash from auth.audit_log where seq = ${seq}`,
});

/** Checks every row of the audit log against its hash and the row before it, and the row that an anchor names. */
export async function verifyAudit(
  { pool }: Pick<Database, 'pool'>,
  { anchor, limit = 20 }: { anchor?: AuditAnchor; limit?: number } = {},
): Promise<AuditReport> {
  const rows = await findBrokenRows(pool, { limit });
  const findings = rows.flatMap(({ seq, problem }) =>
    seq !== null && problem !== null ? [{ seq, problem }] : [],
  );
  const [head = null] = await findHead(pool, {});
  const mismatch = anchor && (await checkAnchor(pool, anchor));
  return {
    rows: rows[0]?.rows ?? 0,
    broken: (rows[0]?.broken ?? 0) + (mismatch ? 1 : 0),
    findings: mismatch ? [...findings, mismatch] : findings,
    head,
  };
}

/** A chain that was recomputed from some row on is consistent in itself; only what was seen before reveals it. */
async function checkAnchor(pool: Pool, { seq, hash }: AuditAnchor): Promise<AuditFinding | undefined> {
  const [row] = await findHash(pool, { seq });
  if (!row) return { seq, problem: 'it was seen before and is gone' };
  return row.hash === hash ? undefined : { seq, problem: 'it is not the row that was seen before' };
}
