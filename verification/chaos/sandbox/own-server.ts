import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from '#db/embedded/server-process.ts';
import { startEmbedded } from '#db/embedded/start.ts';
import { silentLog } from '#lib/log.ts';
import { prepareServer, type SandboxServer } from './sandbox.ts';

/** A Postgres that an experiment may kill and start again; it writes as durably as the real one. */
export type OwnServer = { sandboxes: SandboxServer; kill(): void; isUp(): boolean; start(): Promise<void> };

/** Runs `work` with a server in `directory`, or in a temporary directory. */
export async function withOwnServer<Result>(
  work: (server: OwnServer) => Promise<Result>,
  directory?: string,
): Promise<Result> {
  const home = directory ?? (await mkdtemp(join(tmpdir(), 'caspers-chaos-pg-')));
  const options = { directory: join(home, 'postgres'), durable: true, log: silentLog };
  const data = join(options.directory, 'data');
  const { url } = await startEmbedded(options);
  const kill = () => {
    const server = findServer(data);
    if (server) process.kill(server.pid, 'SIGKILL');
  };
  try {
    const sandboxes = await prepareServer(url);
    const start = async () => void (await startEmbedded(options));
    return await work({ sandboxes, kill, isUp: () => findServer(data)?.ready === true, start });
  } finally {
    await (await startEmbedded(options)).stop();
    if (!directory) await rm(home, { recursive: true, force: true });
  }
}
