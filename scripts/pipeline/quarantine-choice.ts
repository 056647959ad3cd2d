import { UsageError } from '#lib/errors.ts';
import type { Choice } from '#lib/pipeline/index.ts';
import { parseIds } from '../cli/arguments.ts';

/** Which records a command is about: numbers, a rule, or all. @throws UsageError where it is not exactly one of them. */
export function readChoice(args: readonly string[], { rule, all }: { rule?: string; all?: true }): Choice {
  const given = [args.length > 0, rule !== undefined, all === true].filter(Boolean).length;
  if (given !== 1) throw new UsageError('Give numbers of records, --rule, or --all.');
  if (args.length > 0) return { ids: parseIds(args) };
  return rule === undefined ? {} : { rule };
}
