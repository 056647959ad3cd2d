import { join, matchesGlob } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSourceTree } from '#lib/source-tree.testing.ts';
import { type Declared, listStatements } from '../statement.ts';
import { createTestDatabase, type TestDatabase } from '../testing.ts';
import { type DatabaseRole, databaseRoles } from './roles.ts';

const root = join(import.meta.dirname, '../..');
let db: TestDatabase;
let client: pg.Client;
let statements: (Declared & { file: string })[];
beforeAll(async () => {
  statements = await readStatements();
  db = await createTestDatabase();
  client = new pg.Client(db.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await db.close();
});

const modules: Record<DatabaseRole, string[]> = {
  caspers_console: [
    ...['lib/refunds/**', 'lib/dashboards/**', 'lib/auth/**', 'lib/health/**', 'lib/orders/synced-orders.ts'],
    'lib/recommender/policy/{policies,publications}.ts',
    'lib/pipeline/requests/{quarantined-records,request-replay,screens}.ts',
  ],
  caspers_pipeline: ['lib/pipeline/**'],
  caspers_recommender: ['lib/recommender/**'],
  caspers_sync: ['lib/sync/**', 'lib/orders/build-orders.ts'],
};

/** What only the commands of an operator run, who works as the owner. */
const ofOperators = [
  'lib/auth/people/passwords.ts',
  'lib/health/{list-changed-files,check-accounts,get-progress,get-status}.ts',
];

/** What a role must not do although its module holds the statement: a scorer does not change the policy it scores by. */
const forbidden: Partial<Record<DatabaseRole, RegExp>> = {
  caspers_recommender: /insert into recommender\.(policies|policy_drafts|policy_activations) /,
};

test.each(databaseRoles)('%s may run every statement of its modules', async (role) => {
  const own = statements.filter(
    ({ file }) =>
      modules[role].some((pattern) => matchesGlob(file, pattern)) &&
      !ofOperators.some((pattern) => matchesGlob(file, pattern)),
  );
  expect(own.length).toBeGreaterThan(2);
  const wrong: string[] = [];
  for (const { file, texts } of own)
    for (const { text } of texts()) {
      const refused = await explain(role, file, text);
      if (!forbidden[role]?.test(text)) wrong.push(...refused);
      else if (refused.length === 0) wrong.push(`allowed: ${file}\n${text}`);
    }
  expect(wrong).toEqual([]);
});

/** All statements with the file that declares them: a file is loaded after those that it imports. */
async function readStatements(): Promise<(Declared & { file: string })[]> {
  const tree = new Map(readSourceTree().map((file) => [file.path, file]));
  const found: (Declared & { file: string })[] = [];
  const seen = new Set<string>();
  const load = async (path: string): Promise<void> => {
    const file = tree.get(path);
    if (!file || file.isTest || seen.has(path) || !path.endsWith('.ts')) return;
    seen.add(path);
    for (const target of file.imports) await load(target);
    const before = new Set(listStatements());
    await import(pathToFileURL(join(root, path)).href);
    for (const declared of listStatements())
      if (!before.has(declared)) found.push({ ...declared, file: path });
  };
  for (const { path } of tree.values()) if (path.startsWith('lib/')) await load(path);
  return found;
}

/** Has the server plan a statement, for which it checks the rights. `lock table` has no plan and is run. */
async function explain(role: DatabaseRole, file: string, text: string): Promise<string[]> {
  await client.query(`begin; set local role ${role}`);
  try {
    await client.query(/^\s*lock table/.test(text) ? text : `explain (generic_plan) ${text}`);
    return [];
  } catch (error) {
    return [`${file}: ${(error as Error).message}\n${text}`];
  } finally {
    await client.query('rollback');
  }
}
