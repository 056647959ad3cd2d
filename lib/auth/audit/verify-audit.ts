import type { Database } from '#db/client.ts';

/** The end of the chain as it was once seen: kept outside of the database, it tells a tail that was cut. */
export type AuditAnchor = { seq: number; hash: string };

export type AuditFinding = { seq: number; problem: string };

/** `findings` are the rows at fault, the first first, at most `limit` of `broken`; `head` is null in an empty audit. */
export type AuditReport = {
  rows: number;
  broken: number;
  findings: AuditFinding[];
  head: AuditAnchor | null;
};

type Row = { seq: string | null; problem: string | null; rows: number; broken: number };

const CHECK = `
-- one row per row at fault, the first first; at least one row, which holds the counts
with linked as (
  select
    entry.seq, entry.hash as stored, entry.prev_hash, auth.audit_hash(entry) as computed,
    lag(entry.hash, 1, sha256('caspers'::bytea)) over (order by entry.seq) as expected_prev,
    lag(entry.seq, 1, 0::bigint) over (order by entry.seq) as previous
  from auth.audit_log as entry
), judged as (
  select seq, case
    when stored <> computed then 'its content was altered'
    when seq <> previous + 1 then 'rows before it are missing'
    when prev_hash <> expected_prev then 'it does not follow the row before it'
  end as problem
  from linked
), broken as (
  select seq, problem from judged where problem is not null order by seq limit $1
)
select
  broken.seq::text, broken.problem, (select count(*) from judged)::integer as rows,
  (select count(*) from judged where problem is not null)::integer as broken
from (select) as always
left join broken on true
order by broken.seq`;

/**
 * Checks every row of the audit against its hash and the row before it, and the anchor, where there is one,
 * against the row that it names.
 */
export async function verifyAudit(
  { pool }: Pick<Database, 'pool'>,
  { anchor, limit = 20 }: { anchor?: AuditAnchor; limit?: number } = {},
): Promise<AuditReport> {
  const { rows } = await pool.query<Row>(CHECK, [limit]);
  const findings = rows.flatMap(({ seq, problem }) =>
    seq !== null && problem !== null ? [{ seq: Number(seq), problem }] : [],
  );
  const head = await readHead(pool);
  const cut = anchor && (await checkAnchor(pool, anchor));
  return {
    rows: rows[0]?.rows ?? 0,
    broken: (rows[0]?.broken ?? 0) + (cut ? 1 : 0),
    findings: cut ? [...findings, cut] : findings,
    head,
  };
}

async function readHead(pool: Database['pool']): Promise<AuditAnchor | null> {
  const { rows } = await pool.query<{ seq: string; hash: string }>(
    `select seq::text, encode(hash, 'hex') as hash from auth.audit_log order by auth.audit_log.seq desc limit 1`,
  );
  return rows[0] ? { seq: Number(rows[0].seq), hash: rows[0].hash } : null;
}

/** A chain that was made anew from somewhere holds in itself; only what was seen before tells. */
async function checkAnchor(
  pool: Database['pool'],
  { seq, hash }: AuditAnchor,
): Promise<AuditFinding | undefined> {
  const { rows } = await pool.query<{ hash: string }>(
    `select encode(hash, 'hex') as hash from auth.audit_log where seq = $1`,
    [seq],
  );
  if (!rows[0]) return { seq, problem: 'it was seen before and is gone' };
  return rows[0].hash === hash ? undefined : { seq, problem: 'it is another row than the one seen before' };
}
