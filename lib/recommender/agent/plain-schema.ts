import { z } from 'zod';

/** A JSON schema without the name of its dialect, which some servers refuse. */
export function toPlainSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input' });
  return plain;
}
