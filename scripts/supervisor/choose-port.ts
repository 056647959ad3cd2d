import { createServer } from 'node:net';
import { InvalidArgumentError } from 'commander';
import { OperatorError } from '#lib/errors.ts';
import { hasCode } from './has-code.ts';

const DEFAULT_PORT = 3000;
const TRIES = 100;

export type PortWish = {
  /** PORT, when it is set: this one or none. */
  wanted?: number;
  /** The port of the last start. */
  last?: number;
  host: string;
};

/**
 * Finds the console's port: the wanted one; else that of the last start, 3000, or the next free one above it.
 * @throws OperatorError where the wanted port is taken, or none of the hundred is free.
 */
export async function choosePort(
  { wanted, last, host }: PortWish,
  isFree: (port: number, host: string) => Promise<boolean> = isPortFree,
): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted, host)) return wanted;
    throw new OperatorError(
      `Port ${wanted} is in use by another program. Stop that program, or set PORT to a free port (unset, one is chosen), and start again.`,
    );
  }
  const candidates = Array.from({ length: TRIES }, (_, offset) => DEFAULT_PORT + offset);
  for (const port of last === undefined ? candidates : [last, ...candidates])
    if (await isFree(port, host)) return port;
  throw new OperatorError(
    `No port from ${DEFAULT_PORT} to ${DEFAULT_PORT + TRIES - 1} is free. Set PORT to a free one and start again.`,
  );
}

/** Reads a port from the command line. @throws InvalidArgumentError where it is none. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It must be a port number.');
  return port;
}

/** Whether a server could listen there now. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (hasCode(error, 'EADDRINUSE', 'EACCES') ? resolve(false) : reject(error)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
