import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Connection } from '#db/client.ts';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { readSecretFile } from '#lib/secret-file.ts';

/** The key of the hashes of addresses, as text; its bytes are used as they are. */
export type AddressKey = string;

const BLOCK_BYTES = 64;

/**
 * The key of the hashes of addresses: ADDRESS_HASH_KEY, or one that is made once and kept in DATA_DIR/address-hash-key,
 * which only its owner can read.
 * @throws OperatorError where that file does not hold a key.
 */
export function loadAddressKey(env: Pick<Env, 'ADDRESS_HASH_KEY' | 'DATA_DIR'>): AddressKey {
  if (env.ADDRESS_HASH_KEY) return env.ADDRESS_HASH_KEY;
  const path = join(env.DATA_DIR, 'address-hash-key');
  const key = readSecretFile(path);
  if (key) return key;
  throw new OperatorError(
    `${path} does not hold a key. Put the key back, or delete the file and run npm run pipeline -- rehash-addresses.`,
  );
}

/**
 * Gives the session the key, for lakeflow.address_hash: the inner and the outer key of HMAC-SHA256 (RFC 2104), because
 * Postgres itself has the hash and not the HMAC.
 */
export async function setAddressKey(connection: Pick<Connection, 'query'>, key: AddressKey): Promise<void> {
  const bytes = Buffer.from(key, 'utf8');
  const block = Buffer.alloc(BLOCK_BYTES);
  (bytes.length > BLOCK_BYTES ? createHash('sha256').update(bytes).digest() : bytes).copy(block);
  const padded = [0x36, 0x5c].map((pad) => Buffer.from(block.map((byte) => byte ^ pad)).toString('hex'));
  await connection.query(`select set_config('caspers.address_key', $1, false)`, [padded.join(' ')]);
}
