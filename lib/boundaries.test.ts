import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceTree, type SourceFile } from './source-tree.testing.ts';

const TABLE = /\b(simulator|lakeflow|recommender|refunds|auth)\.([a-z_]+)\b/;
const WRITE = new RegExp(
  `\\b(?:insert into|update|delete from|truncate|merge into|copy)\\s+(${TABLE.source})`,
  'gi',
);

const base = ['leaf', 'contract'];
const shared = [...base, 'db', 'volume', 'orders'];
const stages = ['simulator', 'pipeline', 'recommender', 'sync', 'refunds', 'dashboards', 'auth', 'health'];

/** Who may import whom, tier by tier as in lib/README.md; a unit may always import itself. */
const mayImport: Record<string, string[]> = {
  leaf: [],
  contract: ['leaf'],
  db: base,
  volume: base,
  orders: [...base, 'db', 'volume'],
  ...Object.fromEntries(stages.map((stage) => [stage, shared])),
  scripts: [...shared, ...stages, 'verification'],
  verification: [...shared, ...stages, 'scripts'],
  app: [...base, 'orders', 'refunds', 'dashboards', 'auth', 'health', 'pipeline'],
  e2e: [...base, 'db', 'simulator', 'auth', 'scripts'],
};

const files = readSourceTree();
const byPath = new Map(files.map((file) => [file.path, file]));
const sources = files.filter((file) => !file.isTest);
const modules = readMap();

test('imports only go downward, never sideways', () => {
  const wrong = files.flatMap((file) =>
    file.imports
      .filter((target) => !isAllowed(unitOf(file.path), unitOf(target)) && !isServedApi(file.path, target))
      .map((target) => `${file.path} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('a module is imported through its index.ts, or through an entry that lib/README.md lists', () => {
  const past = files.flatMap((file) =>
    file.imports.filter((target) => isPastTheDoor(file, target)).map((target) => `${file.path} → ${target}`),
  );
  expect(past).toEqual([]);
});

test('screens reach the pipeline through the entry for screens alone', () => {
  const targets = files
    .filter((file) => unitOf(file.path) === 'app' && !file.isTest)
    .flatMap((file) => file.imports.filter((target) => unitOf(target) === 'pipeline'));
  expect([...new Set(targets)]).toEqual(['lib/pipeline/requests/screens.ts']);
});

test('every import resolves to a file', () => {
  const lost = files.flatMap((file) =>
    file.imports
      .filter((target) => /\.tsx?$/.test(target) && !byPath.has(target))
      .map((target) => `${file.path} → ${target}`),
  );
  expect(lost).toEqual([]);
});

test('no file imports itself through others', () => {
  expect(files.flatMap(findCycle)).toEqual([]);
});

test('no two folders import each other, a folder and one inside it included', () => {
  const arrows = new Set(
    sources.flatMap((file) => file.imports.map((target) => `${dirname(file.path)} → ${dirname(target)}`)),
  );
  const mutual = [...arrows].filter((arrow) => {
    const [from = '', to = ''] = arrow.split(' → ');
    return from < to && arrows.has(`${to} → ${from}`) && !isRouteWithParts(from, to);
  });
  expect(mutual).toEqual([]);
});

test('the map in lib/README.md lists exactly the modules', () => {
  const folders = new Set(sources.map((file) => /^lib\/([^/]+)\//.exec(file.path)?.[1]).filter(Boolean));
  expect([...modules.keys()].sort()).toEqual([...folders].sort());
});

test('a table is written only by the module that owns it in the map', () => {
  const owners = new Map(
    [...modules].flatMap(([module, { writes }]) => writes.map((table) => [table, module] as const)),
  );
  const wrong = moduleSources().flatMap((file) =>
    tablesWritten(file)
      .filter((table) => owners.get(table) !== unitOf(file.path))
      .map((table) => `${file.path} writes ${table}, which ${owners.get(table) ?? 'no module'} owns`),
  );
  expect(wrong).toEqual([]);
  expect(owners.size).toBe([...modules.values()].flatMap(({ writes }) => writes).length);
});

test('a module reads only the tables in the map', () => {
  const wrong = moduleSources().flatMap((file) => {
    const module = modules.get(unitOf(file.path));
    if (!module || module.reads.includes('all')) return [];
    return tablesNamed(file.text)
      .filter((table) => !module.reads.includes(table) && !module.writes.includes(table))
      .map((table) => `${file.path} names ${table}`);
  });
  expect(wrong).toEqual([]);
});

test('nothing upstream reads gold or the decisions', () => {
  const upstream = ['simulator', 'volume', 'orders', 'recommender', 'sync'];
  const readers = moduleSources().filter(
    (file) => upstream.includes(unitOf(file.path)) && /\bgold_|refund_decisions/.test(file.text),
  );
  expect(readers.map((file) => file.path)).toEqual([]);
  const pipeline = moduleSources().filter((file) => unitOf(file.path) === 'pipeline');
  expect(pipeline.filter((file) => /\b(recommender|refunds|auth)\.[a-z]+_/.test(file.text))).toEqual([]);
});

function unitOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split('/');
  if (top !== 'lib') return top;
  return rest.length === 0 ? 'leaf' : second;
}

function isPastTheDoor(file: SourceFile, target: string): boolean {
  const module = /^lib\/([^/]+)\//.exec(target)?.[1];
  if (!module || module === unitOf(file.path) || module === 'contract') return false;
  if (target === `lib/${module}/index.ts` || modules.get(module)?.entries.includes(target)) return false;
  return !(target.endsWith('.testing.ts') && (file.isTest || unitOf(file.path) === 'verification'));
}

/** A screen and the parts that only it shows: Next gives the route its folder. */
function isRouteWithParts(from: string, to: string): boolean {
  return from.startsWith('app/') && to.startsWith(`${from}/_`);
}

function isAllowed(from: string, to: string): boolean {
  return from === to || (mayImport[from] ?? []).includes(to);
}

/** The server of the built console answers the JSON API itself (docs/decisions/0026). */
function isServedApi(path: string, target: string): boolean {
  return path === 'scripts/supervisor/server/serve-api.ts' && target === 'app/api/api.ts';
}

function findCycle(start: SourceFile): string[] {
  const seen = new Set<string>();
  const pending = [...start.imports];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === start.path) return [start.path];
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...(byPath.get(next)?.imports ?? []));
  }
  return [];
}

function moduleSources(): SourceFile[] {
  return sources.filter((file) => file.path.startsWith('lib/') && modules.has(unitOf(file.path)));
}

function tablesWritten(file: SourceFile): string[] {
  return [...file.text.matchAll(WRITE)].flatMap(([, table]) => table ?? []);
}

function tablesNamed(text: string): string[] {
  const known = new Set([...modules.values()].flatMap(({ writes }) => writes));
  return [...text.matchAll(new RegExp(TABLE.source, 'g'))]
    .map(([table]) => table)
    .filter((table) => known.has(table));
}

type Module = { entries: string[]; reads: string[]; writes: string[] };

/** The sections of lib/README.md: module → its entries besides index.ts, and the tables that it reads and writes. */
function readMap(): Map<string, Module> {
  const page = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  const sections = page.split('\n## ').slice(1);
  return new Map(
    sections.map((section) => {
      const [name = '', ...lines] = section.split('\n');
      const line = (label: string) => lines.find((text) => text.startsWith(label)) ?? '';
      const entries = [...line('Entries').matchAll(/`([\w/.-]+\.ts)`/g)].map(
        ([, file]) => `lib/${name}/${file}`,
      );
      return [name, { entries, reads: tables(line('Reads:')), writes: tables(line('Writes:')) }];
    }),
  );
}

function tables(line: string): string[] {
  return line === 'Reads: all.'
    ? ['all']
    : [...line.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, table = '']) => table);
}
