// Plain JavaScript for Node 18 without dependencies: scripts/launch.mjs uses it before anything is installed.
import * as fs from 'node:fs';

/**
 * Tries to create a lock file, by a hard link, which only one process can make. The lock of a dead process is
 * replaced, under a lock of its own so that only one process does that.
 * @param {string} path
 * @param {string} content identifies this process to `isHeld` in other processes
 * @param {(content: string) => boolean} isHeld whether the process that a lock's content names is still running
 * @returns {{ holder?: string, previous?: string }} `holder` is the content of a lock that is held; without it, this
 *   process has the lock, and `previous` is the content of the dead one that it replaced
 */
export function acquireLock(path, content, isHeld) {
  const draft = `${path}.${process.pid}`;
  const takeover = `${path}.takeover`;
  fs.writeFileSync(draft, content);
  try {
    for (;;) {
      if (unless('EEXIST', () => fs.linkSync(draft, path))) return {};
      const previous = read(path);
      if (previous === undefined) continue;
      if (isHeld(previous)) return { holder: previous };
      if (acquireLock(takeover, content, isHeld).holder) sleep(1);
      else if (replace(path, previous, draft, takeover)) return { previous };
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** Another process may have replaced the lock before this one got the right to. */
function replace(path, previous, draft, takeover) {
  try {
    if (read(path) !== previous) return false;
    fs.renameSync(draft, path);
    return true;
  } finally {
    fs.rmSync(takeover);
  }
}

function read(path) {
  let content;
  unless('ENOENT', () => {
    content = fs.readFileSync(path, 'utf8');
  });
  return content;
}

/** Runs a file operation that another process may have made impossible, with an error of this code. */
function unless(code, operation) {
  try {
    operation();
    return true;
  } catch (error) {
    if (error.code === code) return false;
    throw error;
  }
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
