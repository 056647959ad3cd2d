export type { Databases } from './connections.ts';
export { type SyncOptions, syncContinuously, syncOnce, syncSnapshot } from './run.ts';
