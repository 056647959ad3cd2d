export { type ChangedFile, findChangedFiles, type ReadFile } from './changed-files.ts';
export { formatFileName, parseFileName } from './file-name.ts';
export { listFiles } from './list-files.ts';
export { type EventFile, readEventFile, UnreadableFileError } from './read-file.ts';
export { depthOf, listMembers, type Span } from './scan-json.ts';
export { type RawRecord, RecordReader, splitRecords } from './split-records.ts';
export {
  readVolumeClock,
  readVolumeTime,
  stateDirectory,
  type VolumeClock,
  writeVolumeClock,
} from './volume-clock.ts';
export { prepareDirectory, writeFileAtomically, writeFilesAtomically } from './write-file.ts';
