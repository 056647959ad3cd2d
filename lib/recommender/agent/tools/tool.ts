import type { z } from 'zod';
import type { Database } from '#db/client.ts';

/** The one order that an agent may look into. `deliveredTs` is ISO 8601 in UTC. */
export type ToolScope = { db: Database; orderId: string; location: string | null; deliveredTs: string };

/** A tool as data: what a model is told of it, and the reader behind it. */
export type Tool<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = {
  name: string;
  description: string;
  inputSchema: Input;
  outputSchema: Output;
  run(scope: ToolScope, input: z.output<Input>): Promise<z.input<Output>>;
};

/** The model asked for what it may not have, or what is not there; the message is for the model. */
export class ToolRefusal extends Error {}

/** Ties the types of a tool's schemas to its function. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}
