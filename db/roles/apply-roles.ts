import { createHash } from 'node:crypto';
import type pg from 'pg';
import { databaseRoles, executes, grants, ownersFunctions, READ } from './roles.ts';

const FORBIDDEN = '42501';

/**
 * Makes the roles and gives each exactly what `grants` says, unless that is so already. A role is one for the
 * whole server, its rights are this database's own.
 * @returns false where the server's user may not make roles; everything then works as the owner.
 */
export async function applyRoles(client: pg.Client, migrated: boolean): Promise<boolean> {
  const mark = markOf(grants);
  if (!migrated && (await readMark(client)) === mark) return true;
  try {
    for (const role of databaseRoles) await client.query(createRole(role));
  } catch (error) {
    if ((error as { code?: string }).code === FORBIDDEN) return false;
    throw error;
  }
  await client.query(`begin; ${databaseRoles.map(grantsOf).join(';\n')}; ${elevate}; commit`);
  await client.query(`comment on schema refunds is '${mark}'`);
  return true;
}

function markOf(given: unknown): string {
  const hash = createHash('sha256').update(
    JSON.stringify([given, executes, ownersFunctions, grantsOf.toString()]),
  );
  return `rights ${hash.digest('hex').slice(0, 16)}`;
}

async function readMark(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ mark: string }>(
    `select obj_description('refunds'::regnamespace, 'pg_namespace') as mark`,
  );
  return rows[0]?.mark;
}

/** Another database of the same server may make the role at the same moment. */
const createRole = (role: string) => `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin noinherit; end if;
    if not pg_has_role('${role}', 'member') then grant ${role} to current_user; end if;
  exception when duplicate_object or unique_violation then
    raise notice 'the role ${role} is there already';
  end $$`;

/** All rights of a role, from none on; the more special ones come after those of a whole schema and replace them. */
function grantsOf(role: (typeof databaseRoles)[number]): string {
  const schemas = [...new Set(grants[role].map(([target]) => schemaOf(target)))];
  const all = ['simulator', 'lakeflow', 'recommender', 'refunds', 'auth', 'drizzle'];
  return [
    ...all.map((schema) => `revoke all on all tables in schema ${schema} from ${role}`),
    `grant usage on schema ${schemas.join(', ')} to ${role}`,
    ...grants[role].flatMap(([target, privileges]) => grantOne(role, target, privileges)),
    ...executes
      .filter(([, roles]) => roles.includes(role))
      .map(([signature]) => `grant execute on function ${signature} to ${role}`),
  ].join(';\n');
}

function grantOne(role: string, target: string, privileges: string): string[] {
  const schema = schemaOf(target);
  if (target.endsWith('.*'))
    return [
      `grant ${privileges} on all tables in schema ${schema} to ${role}`,
      `alter default privileges in schema ${schema} grant ${privileges} on tables to ${role}`,
      ...(privileges === READ ? [] : [`grant usage on all sequences in schema ${schema} to ${role}`]),
    ];
  const table = `${schema}."${target.slice(schema.length + 1)}"`;
  const isByColumn = privileges.includes('(');
  return [
    ...(isByColumn ? [] : [`revoke all on ${table} from ${role}`]),
    `grant ${privileges} on ${table} to ${role}`,
  ];
}

function schemaOf(target: string): string {
  return target.slice(0, target.indexOf('.'));
}

const elevate = `
  do $$ declare made record; begin
    for made in select oid::regprocedure as signature from pg_proc
      where pronamespace = 'lakeflow'::regnamespace and proname = any('{${ownersFunctions.join(',')}}')
    loop execute format('alter function %s security definer', made.signature); end loop;
  end $$`;
