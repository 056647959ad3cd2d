import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Node, readSourceTree, type SourceFile, walk } from './source-tree.testing.ts';

/** Phrases that must not occur in comments, texts, documentation or SQL, with the plain English for each. */
const phrases: [phrase: RegExp, instead: string][] = [
  [/\banew\b/i, 'again'],
  [/\bwho(m)?ever\b/i, 'the caller, the process, anyone who'],
  [/\b(nobody|somebody)\b/i, 'no one, a person, no process'],
  [/\bby now\b/i, 'already, now'],
  [/\b(that|which|what) (is|are) none\b|\bthere is none of\b/i, 'is not …, there is no …'],
  [/\bshut(s)? out\b|\blet(s)? in again\b/i, 'deactivate, reactivate'],
  [/\bpurses?\b/i, 'spender'],
  [/\bdepart(s|ed|ures?)\b/i, 'override'],
  [/\bbefall(s|en)?\b|\bbefell\b/i, 'apply, happen to'],
  [/\b(what|that) (is|was) told\b|\bis told of\b/i, 'the message, the data'],
  [/\bears\b/i, 'listeners'],
  [/\btake(s|n)? back\b|\bway back\b/i, 'revoke'],
  [/\bwhat stands\b|\bstanding\b|\bstands (at|beside|in|on|there|still)\b/i, 'current, is'],
  [/\bin step\b|\bthe wall\b(?! clock)/i, 'up to date, the wall clock'],
  [/\bin doubt\b/i, 'indeterminate'],
  [/\bsigns? of life\b|\bunheard\b/i, 'heartbeat, stalled'],
  [/\bcalled wrongly\b/i, 'wrong usage'],
  [/\bpoison(s|ed)?\b|\brubbish\b/i, 'implausible or invalid event'],
];

/** Identifiers that must not occur, with the term of the field for each. */
const identifiers: [name: RegExp, instead: string][] = [
  [/^(MOST|LONGEST|LARGEST|FARTHEST|HIGHEST)(_|$)/, 'MAX_…'],
  [/^(LEAST|SHORTEST|SMALLEST)(_|$)/, 'MIN_…'],
  [/^(Asked|Given|Told|News|Ways|Basis|Place)$/, '<Function>Params, or the noun'],
  [
    /^(tellCase|onOrder|inRequest|takeBack|whyNot|whatStands|isInDoubt|signOfLife|isUnheard)$/,
    'the term of docs/glossary.md',
  ],
  [
    /^(findKept|findOut|stillIn|isStillIn|nameEnding|namePeer|letPolicyAnswer|endLeftovers)$/,
    'the term of docs/glossary.md',
  ],
  [
    /([Pp]urse|[Bb]efall|[Tt]rouble|[Ll]eftover|[Aa]fterword|[Aa]new|[Ww]hoever|[Nn]obody|[Ss]omebody)/,
    'plain English',
  ],
  [/^(ears|hear|heard|told|departs|departed|standing|beat|anyBody)$/, 'plain English'],
];

/** Files that may use a phrase, with the reason. */
const allowed: [path: RegExp, reason: string][] = [
  [/^lib\/vocabulary\.test\.ts$/, 'it lists the phrases'],
  [/^db\/embedded\/run-program\.ts$/, 'nobody is the name of a user of the operating system'],
];

type Finding = { path: string; line: number; text: string; instead: string };

const root = join(import.meta.dirname, '..');

test('code, documentation and SQL use plain English', () => {
  const found = [...readSourceTree().flatMap(checkSource), ...listPages().flatMap(checkPage)].filter(
    ({ path }) => !allowed.some(([pattern]) => pattern.test(path)),
  );
  expect(found.map(({ path, line, text, instead }) => `${path}:${line} "${text}" → ${instead}`)).toEqual([]);
});

test('the glossary has at most 60 terms, and its names occur in the code', () => {
  const rows = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 8 && cells[1] !== 'term' && !cells[1]?.startsWith('-'));
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.length).toBeLessThanOrEqual(60);
  const sources = readSourceTree();
  const code = sources.map(({ text }) => text).join('\n');
  const sql = globSync('{drizzle,db}/**/*.sql', { cwd: root }).map((path) =>
    readFileSync(join(root, path), 'utf8'),
  );
  const api = sources.filter(({ path }) => /^(app\/api|lib\/contract)\//.test(path)).map(({ text }) => text);
  const missing = rows.flatMap(([, term, , inSql, inCode, inApi]) => [
    ...findMissing(inSql, sql.join('\n')).map((name) => `${term}: ${name} is not in SQL`),
    ...findMissing(inCode, code).map((name) => `${term}: ${name} is not in TypeScript`),
    ...findMissing(inApi, api.join('\n')).map((name) => `${term}: ${name} is not in the API`),
  ]);
  expect(missing).toEqual([]);
});

/** The names in backticks whose last word does not occur in a text. */
function findMissing(cell: string | undefined, text: string): string[] {
  const names = [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return names.filter(
    (name) =>
      !new RegExp(`(^|\\W)${(/[\w{}/]+$/.exec(name)?.[0] ?? name).replace(/[{}]/g, '\\$&')}(\\W|$)`).test(
        text,
      ),
  );
}

function checkSource(file: SourceFile): Finding[] {
  const at = (start: number) => file.text.slice(0, start).split('\n').length;
  const found = file.comments.flatMap(({ value, start }) => checkText(file.path, at(start), value));
  walk(file.program, (node) => {
    const name = nameOf(node);
    for (const [pattern, instead] of identifiers)
      if (name !== undefined && pattern.test(name))
        found.push({ path: file.path, line: at(node.start), text: name, instead });
    const text = textOf(node, file);
    if (text !== undefined) found.push(...checkText(file.path, at(node.start), text));
  });
  return found;
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' && typeof node.name === 'string' ? node.name : undefined;
}

/** The text of a string. The texts of screens, and of the specs that quote them, are reviewed separately. */
function textOf(node: Node, { path }: SourceFile): string | undefined {
  if (/^(app|e2e)\//.test(path)) return undefined;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateElement') return (node.value as { raw: string }).raw;
  return undefined;
}

function checkText(path: string, line: number, text: string): Finding[] {
  return text
    .split('\n')
    .flatMap((each, index) =>
      phrases.flatMap(([pattern, instead]) =>
        [pattern.exec(each)?.[0]].flatMap((match) =>
          match === undefined ? [] : [{ path, line: line + index, text: match, instead }],
        ),
      ),
    );
}

function listPages(): string[] {
  return globSync(['README.md', 'lib/README.md', 'docs/**/*.md', '{db,drizzle}/**/*.sql', 'deploy/**/*.md'], {
    cwd: root,
  }).sort();
}

function checkPage(path: string): Finding[] {
  return checkText(path, 1, readFileSync(join(root, path), 'utf8'));
}
