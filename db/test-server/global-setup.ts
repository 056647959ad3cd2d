import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm/sql';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { loadEnv } from '#lib/env.ts';
import { boolean, text } from '../columns.ts';
import { openTestServer } from '../embedded/open.ts';
import { withDatabase } from '../maintenance.ts';
import { statement } from '../statement.ts';
import { createTemplate, dropTemplate, templateName } from './template.ts';

/** Vitest's global setup of the db tests: a server with the template, without the databases of runs that were killed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openTestServer(loadEnv());
  const template = templateName();
  const run = randomUUID().slice(0, 8);
  const presence = await announce(server.url, run, template);
  const release = () => presence.end().then(() => server.release());
  try {
    await dropUnusedDatabases(presence, server.url, template);
    await createTemplate(server.url, template);
  } catch (error) {
    await release();
    throw error;
  }
  project.provide('testServer', { url: server.url, template, prefix: `caspers_test_${run}_` });
  return release;
}

/** Holds a connection whose name says that this run is alive and which template it uses. */
async function announce(url: string, run: string, template: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: withDatabase(url, 'postgres'),
    application_name: `caspers run ${run} ${template}`,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function dropUnusedDatabases(presence: pg.Client, url: string, template: string): Promise<void> {
  for (const { name, isTemplate } of await listUnusedDatabases(presence, { template })) {
    if (isTemplate) await dropTemplate(url, name);
    else await presence.query(`drop database if exists ${name} with (force)`);
  }
}

/** One row per database of a test run that is no longer running. */
const listUnusedDatabases = statement({
  params: { template: text },
  returns: { name: text, isTemplate: boolean },
  sql: ({ template }) => sql`
    with running as (
      select split_part(application_name, ' ', 3) as run, split_part(application_name, ' ', 4) as template
      from pg_stat_activity
      where application_name like 'caspers run %'
    )
    select datname as name, starts_with(datname, 'caspers_template_') as is_template
    from pg_database
    where (datname ~ '^caspers_test_' and split_part(datname, '_', 3) not in (select run from running))
       or (datname ~ '^caspers_template_' and datname <> ${template}
         and datname not in (select template from running))`,
});
