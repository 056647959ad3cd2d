import { z } from 'zod';
import { scenarioRequestSchema, scenarioSchema } from '../scenarios/scenario.ts';

/** `minSpeed` and `maxSpeed` are simulated seconds per real second. */
export const CONTROL_LIMITS = { minSpeed: 0.01, maxSpeed: 100_000, maxStepMs: 31 * 86_400_000 };

const speed = z.union([
  z.literal('wall'),
  z.number().min(CONTROL_LIMITS.minSpeed).max(CONTROL_LIMITS.maxSpeed),
]);

/** A request to the running simulator. */
export const controlRequestSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('status') }),
  z.strictObject({ command: z.literal('pause') }),
  z.strictObject({ command: z.literal('resume') }),
  z.strictObject({ command: z.literal('step'), ms: z.int().min(1).max(CONTROL_LIMITS.maxStepMs) }),
  z.strictObject({ command: z.literal('speed'), speed }),
  z.strictObject({ command: z.literal('scenario'), scenario: scenarioRequestSchema }),
]);
export type ControlRequest = z.infer<typeof controlRequestSchema>;

const counts = { orders: z.int(), events: z.int(), files: z.int() };

/** The status of a running simulator. Instants are ISO 8601; all events of a location up to `position` are on disk. */
const statusSchema = z.object({
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

/** The status after the request was carried out, or the reason why it was refused. */
export const controlReplySchema = z.union([
  z.object({ status: statusSchema }),
  z.object({ refused: z.string() }),
]);
export type ControlReply = z.infer<typeof controlReplySchema>;
