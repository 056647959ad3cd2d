import type { z } from 'zod';
import { ValidationError } from '#lib/errors.ts';

/**
 * Reads what a person or a client sent.
 * @throws ValidationError that names the first input at fault.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ValidationError(issue?.path.join('.') ?? '', issue?.message ?? 'This is not what was asked for.');
}
