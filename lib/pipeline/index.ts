export { readActions } from './commit/expectations.ts';
export { listEvents } from './event-log/list-events.ts';
export { drawLineage, type LineageFormat, lineageFormats } from './lineage/draw-lineage.ts';
export {
  type PlaceRetention,
  rehashAddresses,
  retainPlaces,
} from './maintenance/customer-places.ts';
export { measureSketches } from './maintenance/measure-sketches.ts';
export { retain } from './maintenance/retain.ts';
export { rebuild } from './rebuild/rebuild.ts';
export { selectTables } from './rebuild/select-tables.ts';
export { failpoints } from './run/failpoints.ts';
export { defaultLimits, type PipelineCounts, type PipelineOptions } from './run/options.ts';
export { type PreviewOptions, previewRun } from './run/preview.ts';
export { createBatchReport } from './run/report.ts';
export { runPipeline } from './run/run.ts';
export { flow } from './tables/flow.ts';
export { loadAddressKey } from './writer/address-key.ts';
