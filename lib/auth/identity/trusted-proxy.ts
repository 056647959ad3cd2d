import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';

/** The header in which our own server passes on the address of the connection; it overwrites what a client sends. */
export const PEER_HEADER = 'x-caspers-peer';
const SECRET_HEADER = 'x-proxy-secret';

/** Whether a request comes from the configured proxy, whose word on who the person is then counts. */
export type TrustedProxy = (headers: Headers) => boolean;

/**
 * The proxy of TRUSTED_PROXY_PEERS (addresses or ranges, separated by commas) and TRUSTED_PROXY_SECRET; undefined if
 * neither is set.
 * @throws OperatorError if only one of the two is set, or an address is not valid.
 */
export function readTrustedProxy(
  env: Pick<Env, 'TRUSTED_PROXY_PEERS' | 'TRUSTED_PROXY_SECRET'>,
): TrustedProxy | undefined {
  const { TRUSTED_PROXY_PEERS: peers, TRUSTED_PROXY_SECRET: secret } = env;
  if (!peers && !secret) return undefined;
  if (!peers || !secret)
    throw new OperatorError(
      'TRUSTED_PROXY_PEERS and TRUSTED_PROXY_SECRET go together: set both, or neither.',
    );
  const list = readPeers(peers);
  return (headers) => isFrom(list, headers.get(PEER_HEADER) ?? '') && isSecret(headers, secret);
}

function readPeers(text: string): BlockList {
  const list = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address);
    const bits = Number(prefix ?? (family === 4 ? 32 : 128));
    if (family === 0 || !Number.isInteger(bits) || bits < 1 || bits > (family === 4 ? 32 : 128))
      throw new OperatorError(
        `TRUSTED_PROXY_PEERS holds "${entry}", which is neither an address nor a range.`,
      );
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function isFrom(list: BlockList, peer: string): boolean {
  const address = peer.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function isSecret(headers: Headers, secret: string): boolean {
  const actual = Buffer.from(headers.get(SECRET_HEADER) ?? '');
  const expected = Buffer.from(secret);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
