import { ValidationError } from './errors.ts';

/** The parts of JSON text that matter here; numbers, `true`, `false` and `null` lie between them. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** An object or array that is open: its names so far, and the one whose value is being read. */
type Open = { names: Set<string> | undefined; name: string | undefined };

/**
 * Reads JSON that another program wrote. `JSON.parse` keeps the last of two values of one name, and half a surrogate
 * pair, which cannot be stored as it is; both would be decided on in a form that the client did not send.
 * @throws ValidationError where it is not JSON, names a value twice, or holds half a character; `field` says where.
 */
export function parseStrictJson(text: string): unknown {
  const value = parseJson(text);
  const open: Open[] = [];
  let expectsName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ names: token === '{' ? new Set() : undefined, name: undefined });
      expectsName = token === '{';
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':') expectsName = false;
    else if (token === ',') expectsName = inner?.names !== undefined;
    else checkString(JSON.parse(token) as string, open, expectsName);
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A RangeError: it is nested so deeply that it cannot be read.
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw new ValidationError('', 'The body of the request is not JSON.');
    throw error;
  }
}

function checkString(text: string, open: Open[], isName: boolean): void {
  const inner = open.at(-1);
  if (isName && inner) {
    const isRepeated = inner.names?.has(text);
    inner.names?.add(text);
    inner.name = text;
    if (isRepeated) throw new ValidationError(pathOf(open), `${JSON.stringify(text)} is given twice.`);
  }
  if (!text.isWellFormed()) throw new ValidationError(pathOf(open), HALF_CHARACTER);
}

const HALF_CHARACTER = 'The text holds half a character (a lone surrogate).';

const pathOf = (open: Open[]) => open.flatMap(({ name }) => name?.toWellFormed() ?? []).join('.');

/**
 * Checks every text of a value that did not come as JSON, such as the input of a form.
 * @throws ValidationError where one holds half a surrogate pair; `field` says where.
 */
export function assertWellFormed(value: unknown, path: string[] = []): void {
  if (typeof value === 'string' && !value.isWellFormed())
    throw new ValidationError(path.join('.'), HALF_CHARACTER);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value))
    assertWellFormed(inner, Array.isArray(value) ? path : [...path, name]);
}
