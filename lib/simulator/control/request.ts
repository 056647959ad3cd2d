import { z } from 'zod';
import { scenarioSchema, wishSchema } from '../scenarios/scenario.ts';

/** Simulated seconds in one of the wall. */
export const LIMITS = { slowest: 0.01, fastest: 100_000, longestStepMs: 31 * 86_400_000 };

const speed = z.union([z.literal('wall'), z.number().min(LIMITS.slowest).max(LIMITS.fastest)]);

/** What the running simulator can be asked. */
export const requestSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('status') }),
  z.strictObject({ ask: z.literal('pause') }),
  z.strictObject({ ask: z.literal('resume') }),
  z.strictObject({ ask: z.literal('step'), ms: z.int().min(1).max(LIMITS.longestStepMs) }),
  z.strictObject({ ask: z.literal('speed'), speed }),
  z.strictObject({ ask: z.literal('scenario'), wish: wishSchema }),
]);
export type ControlRequest = z.infer<typeof requestSchema>;

const counts = { orders: z.int(), events: z.int(), files: z.int() };

/** How a running simulator stands. Instants are ISO 8601; `position` is up to where a location's events are on disk. */
export const statusSchema = z.object({
  pid: z.int(),
  since: z.iso.datetime(),
  mode: z.enum(['backfill', 'live']),
  clock: z.object({
    at: z.iso.datetime(),
    speed: z.union([z.literal('wall'), z.number()]),
    paused: z.boolean(),
  }),
  locations: z.array(
    z.object({
      location: z.string(),
      position: z.iso.datetime(),
      ...counts,
      scenarios: z.array(scenarioSchema),
    }),
  ),
});
export type SimulatorStatus = z.infer<typeof statusSchema>;

/** Either the status after the request was carried out, or why it was refused. */
export const replySchema = z.union([z.object({ status: statusSchema }), z.object({ refused: z.string() })]);
export type ControlReply = z.infer<typeof replySchema>;
