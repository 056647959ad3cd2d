import { readdir, readFile } from 'node:fs/promises';
import type { Pool } from '#db/client.ts';

/**
 * Seconds of processor time that a server and its connections to the database have taken so far: steadier than
 * requests a second where the machine does other work too. Undefined where this system does not tell.
 * @param application names the connections of the server.
 */
export async function cpuSeconds(pool: Pool, pid: number, application: string): Promise<number | undefined> {
  const { rows } = await pool.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where application_name = $1 and datname = current_database() and inet_server_addr() <<= '127.0.0.0/8'`,
    [application],
  );
  if (rows.length === 0) return undefined;
  const each = await Promise.all([pid, ...rows.map((row) => row.pid)].map(secondsOf));
  return each.some(Number.isNaN) ? undefined : each.reduce((sum, seconds) => sum + seconds, 0);
}

/** All threads of a process, as Linux counts them. */
async function secondsOf(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => 'gone')),
  );
  return texts.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e9, tasks.length ? 0 : Number.NaN);
}
