import { isUtf8 } from 'node:buffer';

/** The source of a record without loss, in a form that a text column holds. */
export type RecordSource = { text: string; encoding: 'text' | 'base64' };

export function encodeSource(bytes: Buffer): RecordSource {
  return isUtf8(bytes) && !bytes.includes(0)
    ? { text: bytes.toString('utf8'), encoding: 'text' }
    : { text: bytes.toString('base64'), encoding: 'base64' };
}
