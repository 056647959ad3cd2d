import type { ChatCompletionTool } from 'openai/resources';
import { z } from 'zod';
import { plainKey, STAND_IN } from '../fence.ts';
import { toPlainSchema } from '../plain-schema.ts';
import { locationTimings } from './location-timings.ts';
import { orderDeliveryTime } from './order-delivery-time.ts';
import { orderDetails } from './order-details.ts';
import { type Tool, ToolRefusal, type ToolScope } from './tool.ts';

/** All that an agent can do; each only reads, and only about the order at hand. */
export const tools: readonly Tool[] = [orderDetails, orderDeliveryTime, locationTimings];

/** What a tool call came to: `result` is what the model gets to see. */
export type ToolRun = { tool: string; arguments: unknown; ok: boolean; result: unknown };

/** Runs a tool as a model asked for it. What it asks wrongly, or may not ask, comes back as a sentence for it. */
export async function runTool(scope: ToolScope, name: string, argumentText: string): Promise<ToolRun> {
  const asked = readArguments(argumentText);
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) return { tool: name, arguments: asked, ok: false, result: { error: 'There is no such tool.' } };
  const input = tool.inputSchema.safeParse(asked);
  const problem = input.success ? findTrespass(scope, input.data) : z.prettifyError(input.error);
  if (problem !== undefined) return { tool: name, arguments: asked, ok: false, result: { error: problem } };
  try {
    const result = tool.outputSchema.parse(await tool.run(scope, input.data));
    return { tool: name, arguments: asked, ok: true, result };
  } catch (error) {
    if (!(error instanceof ToolRefusal)) throw error;
    return { tool: name, arguments: asked, ok: false, result: { error: error.message } };
  }
}

/** Every tool run with what it is about, for servers that know no tools. */
export function runAllTools(scope: ToolScope): Promise<ToolRun[]> {
  const asked = JSON.stringify({ order_id: scope.orderId, location: scope.location ?? STAND_IN });
  return Promise.all(tools.map((tool) => runTool(scope, tool.name, asked)));
}

/** The tools as a chat request declares them. */
export function declareTools(): ChatCompletionTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: toPlainSchema(inputSchema) },
  }));
}

const LONGEST_ARGUMENTS = 500;

function readArguments(text: string): unknown {
  try {
    return JSON.parse(text.slice(0, LONGEST_ARGUMENTS) || '{}');
  } catch {
    return text.slice(0, LONGEST_ARGUMENTS);
  }
}

/** Says why an order or location may not be asked for, or undefined where it may. */
function findTrespass(scope: ToolScope, input: unknown): string | undefined {
  const { order_id: order, location } = z
    .object({ order_id: z.string().optional(), location: z.string().optional() })
    .parse(input);
  if (order !== undefined && !stands(order, scope.orderId)) return 'Only the order at hand may be looked up.';
  if (location !== undefined && scope.location !== null && !stands(location, scope.location))
    return 'Only the location of the order at hand may be looked up.';
  return undefined;
}

function stands(asked: string, key: string): boolean {
  return asked === key || asked === plainKey(key) || asked === STAND_IN;
}
