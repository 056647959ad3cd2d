import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import type { Client } from 'pg';
import { connect, type Database } from '#db/client.ts';
import { integer, text } from '#db/columns.ts';
import { isAlive } from '#db/embedded/server-process.ts';
import { onServer, withDatabase } from '#db/maintenance.ts';
import { statement } from '#db/statement.ts';
import { createTemplate, templateName } from '#db/test-server/template.ts';
import { hasCode } from '#lib/errors.ts';

/** A migrated database and a volume for one experiment; `close` removes both. */
export type Sandbox = { db: Database; url: string; volume: string; close(): Promise<void> };

/** A server on which sandboxes are opened. */
export type SandboxServer = { url: string; open(): Promise<Sandbox> };

const PREFIX = 'caspers_chaos_';

/** Prepares a server: migrates a template that every sandbox clones, and drops the databases of killed runs. */
export async function prepareServer(url: string): Promise<SandboxServer> {
  const template = templateName();
  await createTemplate(url, template);
  await onServer(url, dropOrphans);
  return { url, open: () => openSandbox(url, template) };
}

const listSandboxes = statement({
  params: { pattern: text },
  returns: { name: text, pid: integer },
  sql: ({ pattern }) => sql`
    select datname as name, split_part(datname, '_', 3)::integer as pid from pg_database where datname ~ ${pattern}`,
});

/** Without `force`, Postgres refuses to drop a database that a process on another machine is using. */
async function dropOrphans(client: Client): Promise<void> {
  const sandboxes = await listSandboxes(client, { pattern: `^${PREFIX}\\d+_` });
  for (const { name } of sandboxes.filter(({ pid }) => !isAlive(pid)))
    await client.query(`drop database ${name}`).catch((error: unknown) => {
      if (!hasCode(error, IN_USE, DOES_NOT_EXIST)) throw error;
    });
}

const IN_USE = '55006';
const DOES_NOT_EXIST = '3D000';

async function openSandbox(server: string, template: string): Promise<Sandbox> {
  const name = `${PREFIX}${process.pid}_${randomUUID().slice(0, 8)}`;
  // A test run that starts meanwhile may have dropped the template, since no test uses it.
  await createTemplate(server, template);
  await onServer(server, (client) => client.query(`create database ${name} template ${template}`));
  const url = withDatabase(server, name);
  const db = connect({ url, applicationName: 'caspers chaos', max: 3, statementTimeoutMs: 0 });
  const volume = await mkdtemp(join(tmpdir(), 'caspers-chaos-'));
  const close = async () => {
    await db.close();
    await onServer(server, (client) => client.query(`drop database ${name} with (force)`));
    await rm(volume, { recursive: true, force: true });
  };
  return { db, url, volume, close };
}

/** Runs `work` in a sandbox of its own. */
export async function withSandbox<Result>(
  server: SandboxServer,
  work: (sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const sandbox = await server.open();
  try {
    return await work(sandbox);
  } finally {
    await sandbox.close();
  }
}
