import { isUtf8 } from 'node:buffer';
import type { RecordSource } from './batch.ts';

/** The text is the record's own bytes, wherever it can be: a record may be as large as its file. */
export function encodeSource(bytes: Buffer): RecordSource {
  return isUtf8(bytes) && !bytes.includes(0)
    ? { bytes, encoding: 'text' }
    : { bytes: Buffer.from(bytes.toString('base64'), 'latin1'), encoding: 'base64' };
}
