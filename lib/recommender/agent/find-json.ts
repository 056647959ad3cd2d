/** An object found in a text; `doubled` names keys that it has twice at its top, where JSON.parse keeps only the last. */
export type FoundObject = { value: Record<string, unknown>; doubled: string[] };

/** Where a text is mostly braces, looking for the end of each would take quadratic time. */
const MOST_STARTS = 50;

/** The JSON objects in a text that may have prose, fences or tags around them, outermost only, in their order. */
export function findJsonObjects(text: string): FoundObject[] {
  const found: FoundObject[] = [];
  let from = 0;
  for (let tries = 0; tries < MOST_STARTS; tries += 1) {
    const start = text.indexOf('{', from);
    if (start < 0) break;
    const end = findEnd(text, start);
    const value = end === undefined ? undefined : parseObject(text.slice(start, end));
    if (value) found.push({ value, doubled: findDoubled(text.slice(start, end)) });
    from = value && end !== undefined ? end : start + 1;
  }
  return found;
}

/** Just behind the brace that closes the one at `start`, or undefined where none does. */
function findEnd(text: string, start: number): number | undefined {
  let end: number | undefined;
  scan(text, start, (index, depth) => {
    if (depth === 0) end = index + 1;
    return depth > 0;
  });
  return end;
}

/** Calls `visit` for each bracket outside strings with the depth behind it, until it returns false. */
function scan(text: string, start: number, visit: (index: number, depth: number) => boolean): void {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    if (token[0].startsWith('"')) continue;
    depth += '{['.includes(token[0]) ? 1 : -1;
    if (!visit(token.index, depth)) return;
  }
}

/** Line breaks and tabs inside strings, which JSON forbids and models write, are read as blanks. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text.replace(/\p{Cc}/gu, ' ')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Keys that stand twice at the top of an object that JSON.parse accepts. */
function findDoubled(text: string): string[] {
  const keys = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/gs)];
  const seen = new Set<string>();
  const doubled = new Set<string>();
  let depth = 0;
  for (const [at, [token]] of keys.entries()) {
    if ('{['.includes(token)) depth += 1;
    if ('}]'.includes(token)) depth -= 1;
    if (depth !== 1 || !token.startsWith('"') || keys[at + 1]?.[0] !== ':') continue;
    const key = String(JSON.parse(token));
    if (seen.has(key)) doubled.add(key);
    seen.add(key);
  }
  return [...doubled];
}
