export type { Databases } from './databases.ts';
export { type SyncOptions, syncContinuously, syncOnce, syncSnapshot } from './run.ts';
