/** What a line of a process means for people. */
export type LogLine = { text: string; isProblem: boolean };

const PINO_WARN = 40;
const STACK_TRACE = /^\s*(at .*|Node\.js v\S+|[{}[\]],?|\^+|(node:|file:)\S+:\d+|[\w$]+: .*,)?\s*$/;

/** Reads a line of the structured log, which has a level, or plain text, which is never a problem. */
export function readLogLine(line: string): LogLine {
  const entry = line.startsWith('{') ? parseEntry(line) : undefined;
  if (!entry) return { text: line.trim(), isProblem: false };
  return {
    text: entry.err?.message ? `${entry.msg}: ${entry.err.message}` : entry.msg,
    isProblem: entry.level >= PINO_WARN,
  };
}

/** The line that best says why a process ended: the last error, else the last line that is not part of a stack trace. */
export function findExitReason(lines: string[]): string | undefined {
  const candidates = lines.filter((line) => !STACK_TRACE.test(line));
  const error = candidates.findLast((line) => /^\w*Error\b/.test(line) || readLogLine(line).isProblem);
  const best = error ?? candidates.at(-1);
  return best === undefined ? undefined : readLogLine(best).text;
}

type Entry = { level: number; msg: string; err?: { message?: string } };

function parseEntry(line: string): Entry | undefined {
  try {
    const entry: Partial<Entry> = JSON.parse(line);
    return typeof entry.level === 'number' && typeof entry.msg === 'string'
      ? { level: entry.level, msg: entry.msg, err: entry.err }
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
