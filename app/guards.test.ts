import { expect, test } from 'vitest';
import { type Node, readSourceTree, type SourceFile, walk } from '#lib/source-tree.testing.ts';

const tree = readSourceTree();
const byPath = new Map(tree.map((file) => [file.path, file]));
const files = tree.filter((file) => file.path.startsWith('app/') && !file.isTest);
const directive = (node: Node) => (node as { directive?: string }).directive === 'use server';

test('every server action comes from the guarded factory', () => {
  const actions = files.filter((file) => hasDirective(file.program));
  expect(actions.map((file) => file.path)).toContain(
    'app/(console)/refunds/[orderId]/decide-refund-action.ts',
  );
  const raw = actions.filter((file) => !exportsAre(file, 'guardedAction'));
  expect(raw.map((file) => file.path)).toEqual([]);
});

test('no function is a server action by itself', () => {
  const inline = files.filter((file) => {
    let found = false;
    walk(file.program, (node) => {
      found ||= node.type !== 'Program' && node.type !== 'ExpressionStatement' && hasDirective(node);
    });
    return found;
  });
  expect(inline.map((file) => file.path)).toEqual([]);
});

test('every API route is defined with its role, but for signing in', () => {
  const routes = files.filter((file) => /^app\/api\/.*\/route\.ts$/.test(file.path));
  expect(routes.map((file) => file.path)).toEqual([
    'app/api/[[...route]]/route.ts',
    'app/api/auth/[...all]/route.ts',
  ]);
  // What is defined otherwise has no guard in front; app/api/api.test.ts looks at the routes themselves.
  const definers = files.filter((file) => /\bcreateRoute\b/.test(file.text));
  expect(definers.map((file) => file.path)).toEqual(['app/api/define-route.ts']);
  const guarding = files.filter((file) => importsGuard(file, 'guardedRoute'));
  expect(guarding.map((file) => file.path)).toEqual(['app/api/define-route.ts']);
});

test('a page or route reaches the database through its guard alone', () => {
  const around = files.filter((file) => file.imports.some((path) => path.startsWith('db/')));
  expect(around.map((file) => file.path)).toEqual([]);
  const unguarded = files.filter((file) => importsGuard(file, 'systemRoute'));
  expect(unguarded.map((file) => file.path)).toEqual(['app/readyz/route.ts']);
});

test('a server action loads neither the auth library’s servers nor the sign-in with a provider', () => {
  const actions = files.filter((file) => hasDirective(file.program));
  const reached = new Set(actions.flatMap((file) => [...listReached(file.path)]));
  expect(reached).toContain('lib/auth/guard/guarded-action.ts');
  const signIn = [...reached].filter((path) => /^lib\/auth\/(auth-handler\.ts|sign-in\/|oidc\/)/.test(path));
  expect(signIn).toEqual([]);
});

test('the JSON API imports nothing of Next, because Node also serves it by itself', () => {
  const reached = [...listReached('app/api/api.ts')].flatMap((path) => byPath.get(path) ?? []);
  expect(reached.map((file) => file.path)).toContain('lib/auth/guard/guarded-route.ts');
  expect(reached.filter((file) => /from 'next\//.test(file.text)).map((file) => file.path)).toEqual([]);
});

/** The files that a file imports, directly or through others. */
function listReached(path: string, reached = new Set<string>()): Set<string> {
  for (const target of byPath.get(path)?.imports ?? [])
    if (!reached.has(target)) listReached(target, reached.add(target));
  return reached;
}

/** Whether a block or a program starts with 'use server'. */
function hasDirective(node: Node): boolean {
  const { body } = node as { body?: unknown };
  return Array.isArray(body) && (body as Node[]).some(directive);
}

/** Whether all that a file exports is `export const x = factory(…)`, and the factory is the real one. */
function exportsAre(file: SourceFile, factory: string): boolean {
  const exported = bodyOf(file).filter((node) => /^Export/.test(node.type));
  const made = exported.filter((node) => calleesOf(node).every((name) => name === factory));
  return exported.length > 0 && made.length === exported.length && importsGuard(file, factory);
}

/** Whether a file imports a guard of `lib/auth`, under its own name. */
function importsGuard(file: SourceFile, guard: string): boolean {
  type Import = { source?: { value: string }; specifiers?: { imported?: unknown; local: unknown }[] };
  const imports = (bodyOf(file) as Import[]).filter(({ source }) =>
    /^#lib\/auth\/(index|routes)\.ts$/.test(source?.value ?? ''),
  );
  return imports.some(({ specifiers = [] }) =>
    specifiers.some(({ imported, local }) => nameOf(imported) === guard && nameOf(local) === guard),
  );
}

/** The functions whose results a statement exports; anything but a call is "". */
function calleesOf(statement: Node): string[] {
  const { declaration } = statement as { declaration?: { declarations?: { init?: Node }[] } };
  const inits = declaration?.declarations?.map(({ init }) => init);
  return inits?.map((init) => (init?.type === 'CallExpression' ? nameOf(init.callee) : '')) ?? [''];
}

function bodyOf(file: SourceFile): Node[] {
  return (file.program as unknown as { body: Node[] }).body;
}

function nameOf(node: unknown): string {
  return (node as { name?: string } | undefined)?.name ?? '';
}
