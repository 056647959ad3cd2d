import { createHash } from 'node:crypto';
import type pg from 'pg';
import { databaseRoles, executes, grants, READ } from './roles.ts';

const FORBIDDEN = '42501';

/** The hash of the statements of `grantRights`: rights are granted again when it changes. */
export const rightsHash = createHash('sha256').update(databaseRoles.map(grantsOf).join()).digest('hex');

/**
 * Creates the roles that do not exist yet; a role belongs to the whole server, its rights to one database.
 * @returns false where the server's user may not create roles; everything then works as that user.
 */
export async function createRoles(client: pg.Client): Promise<boolean> {
  try {
    for (const role of databaseRoles) await client.query(createRole(role));
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === FORBIDDEN) return false;
    throw error;
  }
}

/** Gives each role exactly the rights of `roles.ts`. */
export async function grantRights(client: pg.Client): Promise<void> {
  for (const role of databaseRoles) await client.query(grantsOf(role));
}

/** Another database of the same server may create the role at the same moment. */
const createRole = (role: string) => `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin noinherit; end if;
    if not pg_has_role('${role}', 'member') then grant ${role} to current_user; end if;
  exception when duplicate_object or unique_violation then
    raise notice 'the role ${role} exists already';
  end $$`;

/** All rights of a role, after revoking what it had; those of one table replace those of its schema. */
function grantsOf(role: (typeof databaseRoles)[number]): string {
  const schemas = [...new Set(grants[role].map(([target]) => schemaOf(target)))];
  const all = ['simulator', 'lakeflow', 'recommender', 'refunds', 'auth', 'migrations'];
  return [
    ...all.flatMap((schema) => [
      `revoke all on all tables in schema ${schema} from ${role}`,
      `revoke usage on schema ${schema} from ${role}`,
      `alter default privileges in schema ${schema} revoke all on tables from ${role}`,
    ]),
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
    ...(privileges === '' ? [] : [`grant ${privileges} on ${table} to ${role}`]),
  ];
}

function schemaOf(target: string): string {
  return target.slice(0, target.indexOf('.'));
}
