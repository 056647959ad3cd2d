import { connections } from './connections.ts';
import { decisions } from './decisions/decisions.ts';
import { deliveries } from './deliveries.ts';
import { disk } from './disk.ts';
import { failpointKills } from './failpoint-kills.ts';
import { halfOpen } from './half-open.ts';
import { kills } from './kills.ts';
import { linearizable } from './linearizable/linearizable.ts';
import { mutations } from './mutations/mutations.ts';
import type { ChaosPart } from './part.ts';
import { serverKills } from './server-kills.ts';
import { syncKills } from './sync-kills.ts';
import { syncLag } from './sync-lag.ts';
import { takeovers } from './takeovers.ts';

/** The ways of harm, in the order in which they are done. */
export const parts = {
  mutations,
  deliveries,
  connections,
  failpoints: failpointKills,
  kills,
  takeovers,
  'server-kills': serverKills,
  disk,
  decisions,
  linearizable,
  'half-open': halfOpen,
  'sync-kills': syncKills,
  'sync-lag': syncLag,
} as const satisfies Record<string, ChaosPart>;

export type PartName = keyof typeof parts;
export const partNames = Object.keys(parts) as PartName[];
