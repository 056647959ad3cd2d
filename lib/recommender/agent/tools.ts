import type { ChatCompletionTool } from 'openai/resources';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import { toDecimal } from '#lib/money.ts';
import { getDeliveryTime, getLocationTimings, getOrder, type Order } from '#lib/orders/index.ts';
import { fence, PLACEHOLDER, plainKey } from './untrusted-text.ts';

/** The one order that an agent may look into. `deliveredTs` is ISO 8601 in UTC. */
export type ToolScope = { db: Database; orderId: string; location: string | null; deliveredTs: string };

/** The model asked for what it may not have, or what does not exist; the message is for the model. */
class ToolRefusal extends Error {}

/** A tool as data: what a model knows of it, and the reader behind it. */
type Tool<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = {
  name: string;
  description: string;
  inputSchema: Input;
  outputSchema: Output;
  run(scope: ToolScope): Promise<z.input<Output>>;
};

/** Checks that a tool's function returns what its schema says. */
function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: Tool<Input, Output>): Tool {
  return tool;
}

const money = z.string().describe('US dollars');
/** An order may have hundreds of lines; the rest is counted. */
const MAX_LINES = 20;

const orderDetails = defineTool({
  name: 'get_order_details',
  description: 'The lines of an order with prices, its total and its location. Nothing about the customer.',
  inputSchema: z.object({ order_id: z.string() }),
  outputSchema: z.object({
    order_id: z.string(),
    location: z.string().nullable(),
    total_usd: money,
    lines: z.array(
      z.object({ item: z.string().nullable(), brand: z.string().nullable(), qty: z.int(), price_usd: money }),
    ),
    further_lines: z.int(),
  }),
  run: async ({ db, orderId, location }) => {
    const order = await getOrder(db, orderId);
    if (!order) throw new ToolRefusal('The lines of this order are not known.');
    return {
      order_id: plainKey(orderId),
      location: location === null ? null : plainKey(location),
      total_usd: toDecimal(order.totalCents),
      lines: order.lines.slice(0, MAX_LINES).map(describeLine),
      further_lines: Math.max(0, order.lines.length - MAX_LINES),
    };
  },
});

function describeLine({ name, brandName, qty, priceCents }: Order['lines'][number]) {
  return {
    item: name === null ? null : fence(name),
    brand: brandName === null ? null : fence(brandName),
    qty,
    price_usd: toDecimal(priceCents),
  };
}

const orderDeliveryTime = defineTool({
  name: 'get_order_delivery_time',
  description: 'When an order was created and delivered (UTC), and the minutes between.',
  inputSchema: z.object({ order_id: z.string() }),
  outputSchema: z.object({
    order_id: z.string(),
    created_ts: z.string(),
    delivered_ts: z.string(),
    delivery_minutes: z.number(),
  }),
  run: async ({ db, orderId }) => {
    const time = await getDeliveryTime(db, orderId);
    if (!time) throw new ToolRefusal('This order is not delivered.');
    return {
      order_id: plainKey(orderId),
      created_ts: time.createdTs,
      delivered_ts: time.deliveredTs,
      delivery_minutes: round(time.minutes),
    };
  },
});

const minutes = z
  .number()
  .nullable()
  .transform((value) => value && round(value));

const locationTimings = defineTool({
  name: 'get_location_timings',
  description:
    'Percentiles of the minutes from created to delivered at a location, over the 24 hours up to this delivery.',
  inputSchema: z.object({ location: z.string() }),
  outputSchema: z.object({
    location: z.string(),
    window_hours: z.int(),
    deliveries: z.int(),
    p50_minutes: minutes,
    p75_minutes: minutes,
    p99_minutes: minutes,
  }),
  run: async ({ db, location, deliveredTs }) => {
    if (location === null) throw new ToolRefusal('The location of this order is not known.');
    const timings = await getLocationTimings(db, location, roundUpToMillisecond(deliveredTs));
    return {
      location: plainKey(location),
      window_hours: 24,
      deliveries: timings.deliveries,
      p50_minutes: timings.p50,
      p75_minutes: timings.p75,
      p99_minutes: timings.p99,
    };
  },
});

/** A Date has no microseconds, and the window must include the order itself. */
function roundUpToMillisecond(instant: string): Date {
  const date = new Date(instant);
  return /\.\d{3}0*[1-9]/.test(instant) ? new Date(date.getTime() + 1) : date;
}

/** To six decimals of a minute: more would only show how floating point divides. */
export function round(value: number): number {
  return Number(value.toFixed(6));
}

/** All that an agent can do; each tool only reads, and only about the order of its scope. */
const tools: readonly Tool[] = [orderDetails, orderDeliveryTime, locationTimings];

/** The tools as a chat request declares them. */
export function declareTools(): ChatCompletionTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: toPlainSchema(inputSchema) },
  }));
}

/** A JSON schema without the name of its dialect, which some servers refuse. */
export function toPlainSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input' });
  return plain;
}

/** One tool call and its outcome: `result` is what the model gets to see. */
export type ToolRun = { tool: string; arguments: unknown; ok: boolean; result: unknown };

/** Runs a tool as a model called it. A wrong or forbidden call returns an error sentence for the model. */
export async function runTool(scope: ToolScope, name: string, argumentText: string): Promise<ToolRun> {
  const input = readArguments(argumentText);
  const refuse = (error: string): ToolRun => ({ tool: name, arguments: input, ok: false, result: { error } });
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) return refuse('There is no such tool.');
  const parsed = tool.inputSchema.safeParse(input);
  if (!parsed.success) return refuse(z.prettifyError(parsed.error));
  const violation = findScopeViolation(scope, parsed.data);
  if (violation !== undefined) return refuse(violation);
  try {
    return { tool: name, arguments: input, ok: true, result: tool.outputSchema.parse(await tool.run(scope)) };
  } catch (error) {
    if (!(error instanceof ToolRefusal)) throw error;
    return refuse(error.message);
  }
}

/** Runs every tool on the order of the scope, for servers that have no tool calls. */
export function runAllTools(scope: ToolScope): Promise<ToolRun[]> {
  const input = JSON.stringify({ order_id: scope.orderId, location: scope.location ?? PLACEHOLDER });
  return Promise.all(tools.map((tool) => runTool(scope, tool.name, input)));
}

/** Whether the one fact that every answer rests on, the delivery time, is among what was looked up. */
export function holdsFacts(runs: readonly ToolRun[]): boolean {
  return runs.some(({ tool, ok }) => ok && tool === orderDeliveryTime.name);
}

const MAX_ARGUMENTS = 500;

function readArguments(text: string): unknown {
  try {
    return JSON.parse(text.slice(0, MAX_ARGUMENTS) || '{}');
  } catch {
    return text.slice(0, MAX_ARGUMENTS);
  }
}

/** Why an order or location may not be looked up; undefined where it may. */
function findScopeViolation(scope: ToolScope, input: unknown): string | undefined {
  const { order_id: order, location } = z
    .object({ order_id: z.string().optional(), location: z.string().optional() })
    .parse(input);
  if (order !== undefined && !isKey(order, scope.orderId)) return 'Only the order at hand may be looked up.';
  if (location !== undefined && scope.location !== null && !isKey(location, scope.location))
    return 'Only the location of the order at hand may be looked up.';
  return undefined;
}

function isKey(given: string, key: string): boolean {
  return given === key || given === plainKey(key) || given === PLACEHOLDER;
}
