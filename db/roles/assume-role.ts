import type pg from 'pg';
import { databaseRoles } from './roles.ts';

/** Whether the user of a pool may assume the roles; otherwise every part of the system has all rights of that user. */
export async function hasRoles(pool: Pick<pg.Pool, 'query'>): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from pg_roles where rolname = any($1) and pg_has_role(oid, 'member')`,
    [databaseRoles],
  );
  return rowCount === databaseRoles.length;
}
