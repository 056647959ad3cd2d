import { expect, test } from 'vitest';
import { isFunction, type Node, readSourceTree, type SourceFile, walk } from './source-tree.testing.ts';

const files = readSourceTree();
const sources = files.filter((file) => !file.isTest);
/** Queries whose text exists only beside a temporary table or a cursor, or is made from a declaration; each says so. */
const RAW_ROWS = [
  'db/statement.ts',
  'lib/pipeline/commit/expectations.ts',
  'lib/pipeline/commit/late-events.ts',
  'lib/pipeline/maintenance/retain.ts',
  'lib/pipeline/rebuild/shadow-table.ts',
  'lib/pipeline/tables/bronze/all-events.ts',
  'lib/sync/take-snapshot.ts',
  'verification/bench/console/baseline-answers.ts',
  'verification/oracle/compare.ts',
];
const BLOCKS = /^(If|For|ForIn|ForOf|While|DoWhile|Switch|Try)Statement$/;

test('no file is over 300 lines', () => {
  expect(files.filter((file) => file.lines > 300).map((file) => `${file.path} ${file.lines}`)).toEqual([]);
});

test('functions are short: p90 ≤ 35 lines, none over 60', () => {
  const functions = sources.flatMap(listFunctions);
  expect(functions.filter(({ lines }) => lines > 60).map(({ where, lines }) => `${where} ${lines}`)).toEqual(
    [],
  );
  expect(
    quantile(
      functions.map(({ lines }) => lines),
      0.9,
    ),
  ).toBeLessThanOrEqual(35);
});

test('blocks nest at most twice inside a function', () => {
  expect(sources.flatMap(listDeepBlocks)).toEqual([]);
});

test('environment variables are read only in lib/env.ts', () => {
  const readers = sources.filter((file) => /process\.env\b/.test(file.text)).map((file) => file.path);
  expect(readers).toEqual(['lib/env.ts']);
});

test('a module gets its clock and its randomness passed in', () => {
  const modules = sources.filter((file) => file.path.startsWith('lib/') && file.path !== 'lib/clock.ts');
  const impure = modules.filter((file) => /Math\.random\(|new Date\(\)|Date\.now\(/.test(file.text));
  expect(impure.map((file) => file.path)).toEqual([]);
});

test('no query is cast to rows that the test of all statements does not check', () => {
  const raw = sources.filter((file) => /\.query</.test(file.text)).map((file) => file.path);
  expect(raw.sort()).toEqual(RAW_ROWS.toSorted());
});

function listFunctions(file: SourceFile): { where: string; lines: number }[] {
  const found: { where: string; lines: number }[] = [];
  walk(file.program, (node) => {
    if (!isFunction(node)) return;
    const line = file.text.slice(0, node.start).split('\n').length;
    const lines = file.text.slice(node.start, node.end).split('\n').length;
    found.push({ where: `${file.path}:${line}`, lines });
  });
  return found;
}

function listDeepBlocks(file: SourceFile): string[] {
  const deep: string[] = [];
  walk(file.program, (node, ancestors) => {
    if (!BLOCKS.test(node.type) || isElseIf(node, ancestors)) return;
    if (depth(ancestors) >= 2) deep.push(`${file.path}:${file.text.slice(0, node.start).split('\n').length}`);
  });
  return deep;
}

/** The blocks around a node up to the function that holds it; an `else if` continues its `if`. */
function depth(ancestors: Node[]): number {
  const inner = ancestors.slice(ancestors.findLastIndex(isFunction) + 1);
  return inner.filter((node, index) => BLOCKS.test(node.type) && !isElseIf(node, inner.slice(0, index)))
    .length;
}

function isElseIf(node: Node, ancestors: Node[]): boolean {
  const parent = ancestors.at(-1);
  return parent?.type === 'IfStatement' && parent.alternate === node;
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}
