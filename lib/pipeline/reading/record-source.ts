import { isUtf8 } from 'node:buffer';

/** The source of a record without loss, as the UTF-8 of a text that a text column holds. */
export type RecordSource = { bytes: Uint8Array; encoding: 'text' | 'base64' };

/** The text is the record's own bytes, wherever it can be: a record may be as large as its file. */
export function encodeSource(bytes: Buffer): RecordSource {
  return isUtf8(bytes) && !bytes.includes(0)
    ? { bytes, encoding: 'text' }
    : { bytes: Buffer.from(bytes.toString('base64'), 'latin1'), encoding: 'base64' };
}
