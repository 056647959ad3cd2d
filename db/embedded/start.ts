import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '#lib/log.ts';
import { type Cluster, type ClusterOptions, DATABASE, OWNER, openCluster } from './cluster.ts';
import { describeFailure } from './describe-failure.ts';
import { runProgram } from './run-program.ts';
import { cleanUpAfterCrash, findServer, type ServerProcess } from './server-process.ts';

export type EmbeddedOptions = ClusterOptions & { log: Log };

/** A running server. `url` names the database `caspers` and contains the password; `stop` ends it for all commands. */
export type Embedded = { url: string; stop(): Promise<void> };

/** Crash recovery of a large database takes time. */
const READY_SECONDS = 300;
/** How often a start that loses a race against another command is tried. */
const ATTEMPTS = 20;
const RACE = /lock file|shared memory block|could not bind|address already in use|starting up|shutting down/i;

/**
 * Starts the server of a directory, or adopts the one that another command has started on it.
 * @throws OperatorError with one sentence if it does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    const cluster = await openCluster(options);
    const { port } = await untilReady(cluster, options.log);
    const url = `postgres://${OWNER}:${cluster.password}@127.0.0.1:${port}/${DATABASE}`;
    return { url, stop: () => stopServer(cluster) };
  } catch (error) {
    throw describeFailure(error, options.directory);
  }
}

async function untilReady(cluster: Cluster, log: Log): Promise<ServerProcess> {
  let refusal = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const running = findServer(cluster.data);
    if (running?.ready) return running;
    if (running) await waitForOther(cluster);
    else refusal = await launch(cluster, log);
    if (refusal && !RACE.test(refusal)) break;
    await pause(refusal ? 250 : 0);
  }
  throw new Error(refusal);
}

/** Waits while a server that another command started or stopped is on its way up or down. */
async function waitForOther(cluster: Cluster): Promise<void> {
  for (let tick = 0; tick < READY_SECONDS * 10; tick += 1) {
    const server = findServer(cluster.data);
    if (!server || server.ready) return;
    await pause(100);
  }
}

/** @returns why Postgres did not start, or an empty text if it did. */
async function launch(cluster: Cluster, log: Log): Promise<string> {
  cleanUpAfterCrash(cluster.data);
  const port = await findFreePort(readPort(cluster));
  const from = existsSync(cluster.log) ? statSync(cluster.log).size : 0;
  const limit = ['-w', '-t', String(READY_SECONDS)];
  const call = ['start', ...limit, '-D', cluster.data, '-l', cluster.log, '-o', `-p ${port}`];
  const { code, output } = await runProgram(cluster.binaries.pgCtl, cluster.data, call);
  const logged = readFileSync(cluster.log).subarray(from).toString('utf8');
  if (code !== 0) return `${output}\n${logged}`;
  writeFileSync(cluster.portFile, String(port));
  log.debug({ port, data: cluster.data }, 'embedded Postgres started');
  return '';
}

function readPort(cluster: Cluster): number {
  return existsSync(cluster.portFile) ? Number(readFileSync(cluster.portFile, 'utf8')) : 0;
}

async function stopServer(cluster: Cluster): Promise<void> {
  const call = ['stop', '-w', '-t', '60', '-m', 'fast', '-D', cluster.data];
  const { code, output } = await runProgram(cluster.binaries.pgCtl, cluster.data, call);
  if (code !== 0 && findServer(cluster.data)) throw describeFailure(new Error(output), dirname(cluster.log));
}

/** The preferred port of 127.0.0.1 if it is free, otherwise any free one. */
async function findFreePort(preferred: number): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? Promise.reject(new Error('no free port'));
}

function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port }, () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : undefined));
    });
  });
}
