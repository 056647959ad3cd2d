import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { schemaVersion } from '../schema-version.ts';

/** A change of tables, applied once. `needs` are the functions that it uses; they are installed before it. */
export type Migration = { name: string; path: string; text: string; hash: string; needs: string[] };

export const definitionKinds = ['function', 'view', 'triggers'] as const;

/** The current text of a function with its overloads, of a view, or of the triggers of a table. */
export type Definition = {
  kind: (typeof definitionKinds)[number];
  /** Schema and name of the function or view; of the table for triggers. */
  name: string;
  path: string;
  text: string;
  hash: string;
  /** The other functions and views that the text mentions. */
  needs: string[];
};

/** Everything that makes a schema. */
export type SqlSource = { version: number; migrations: Migration[]; definitions: Definition[] };

const projectRoot = join(import.meta.dirname, '../..');

/** Reads the migrations of `drizzle/`, in order, and the definitions of `db/sql/`. */
export function readSqlSource(root: string = projectRoot, version: number = schemaVersion): SqlSource {
  const migrations = listFiles(root, 'drizzle/*.sql').map((file) => ({
    ...file,
    name: basename(file.path, '.sql'),
    needs: /^-- needs: (.*)$/m.exec(file.text)?.[1]?.split(', ') ?? [],
  }));
  const definitions = listFiles(root, 'db/sql/**/*.sql').map((file) => ({ ...file, ...identify(file) }));
  const known = new Set(definitions.filter(({ kind }) => kind !== 'triggers').map(({ name }) => name));
  return {
    version,
    migrations,
    definitions: definitions.map((definition) => ({
      ...definition,
      needs: listNames(definition.text).filter((name) => name !== definition.name && known.has(name)),
    })),
  };
}

/** One hash over all migrations and definitions. */
export function hashSqlSource({ migrations, definitions }: SqlSource): string {
  return hashOf([...migrations, ...definitions].map(({ name, hash }) => `${name} ${hash}`).join('\n'));
}

/** `db/sql/refunds/triggers/cases.sql` holds the triggers of the table refunds.cases. */
function identify({ path, text }: { path: string; text: string }): Pick<Definition, 'kind' | 'name'> {
  const [, , schema = ''] = path.split('/');
  const name = `${schema}.${basename(path, '.sql')}`;
  if (path.includes('/triggers/')) return { kind: 'triggers', name };
  return { kind: /^create or replace view/m.test(text) ? 'view' : 'function', name };
}

function listNames(text: string): string[] {
  const code = text.replaceAll(/--.*$/gm, '');
  return [...new Set(code.match(/\b[a-z_]+\.[a-z_]\w*/g))];
}

function listFiles(root: string, pattern: string): { path: string; text: string; hash: string }[] {
  return globSync(pattern, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, hash: hashOf(text) };
    });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
