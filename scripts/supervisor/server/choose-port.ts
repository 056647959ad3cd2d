import { createServer } from 'node:net';
import { hasCode, OperatorError } from '#lib/errors.ts';

const DEFAULT_PORT = 3000;
const MAX_TRIES = 100;

export type PortChoice = {
  /** PORT, when it is set: only this one. */
  wanted?: number;
  /** The port of the previous start. */
  last?: number;
  host: string;
};

/**
 * Chooses the console's port: `wanted` if it is set, else `last`, else the first free one from 3000 up.
 * @throws OperatorError where the wanted port is in use, or none of the hundred is free.
 */
export async function choosePort(
  { wanted, last, host }: PortChoice,
  isFree: (port: number, host: string) => Promise<boolean> = isPortFree,
): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted, host)) return wanted;
    throw new OperatorError(
      `Port ${wanted} is in use by another program. Stop that program, or set PORT to a free port (unset, one is chosen), and start again.`,
    );
  }
  const candidates = Array.from({ length: MAX_TRIES }, (_, offset) => DEFAULT_PORT + offset);
  for (const port of last === undefined ? candidates : [last, ...candidates])
    if (await isFree(port, host)) return port;
  throw new OperatorError(
    `No port from ${DEFAULT_PORT} to ${DEFAULT_PORT + MAX_TRIES - 1} is free. Set PORT to a free one and start again.`,
  );
}

/** Whether a server could listen there now. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (hasCode(error, 'EADDRINUSE', 'EACCES') ? resolve(false) : reject(error)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
