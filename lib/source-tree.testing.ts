import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

export type Node = { type: string; start: number; end: number; [key: string]: unknown };
export type SourceFile = {
  path: string;
  text: string;
  lines: number;
  isTest: boolean;
  program: Node;
  comments: { value: string; start: number }[];
  imports: string[];
};

const root = join(import.meta.dirname, '..');

/** Every TypeScript source of the project, parsed; `imports` are the project's own files, as paths from its root. */
export function readSourceTree(): SourceFile[] {
  return globSync(['{app,lib,db,scripts,verification,e2e}/**/*.{ts,tsx}'], { cwd: root })
    .sort()
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const requests = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) => entry.entries.map((line) => line.moduleRequest?.value)),
    ...module.dynamicImports
      .map((entry) => text.slice(entry.moduleRequest.start, entry.moduleRequest.end))
      .flatMap((literal) => /^'([^']*)'$/.exec(literal)?.[1] ?? []),
  ];
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    isTest: /\.(test|testing|spec)\.tsx?$|^e2e\//.test(path),
    program: program as unknown as Node,
    comments,
    imports: requests.map((request) => resolve(path, request ?? '')).filter((target) => target !== undefined),
  };
}

function resolve(from: string, request: string): string | undefined {
  if (request.startsWith('#')) return request.slice(1);
  if (request.startsWith('.')) return relative(root, join(root, dirname(from), request));
  return undefined;
}

/** Calls `visit` for every node below `node`, parents first, with the node's ancestors. */
export function walk(
  node: Node,
  visit: (node: Node, ancestors: Node[]) => void,
  ancestors: Node[] = [],
): void {
  visit(node, ancestors);
  const below = [...ancestors, node];
  for (const child of Object.values(node).flat()) if (isNode(child)) walk(child, visit, below);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

export const isFunction = (node: Node): boolean =>
  /^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);
