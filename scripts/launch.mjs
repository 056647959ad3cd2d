// Plain JavaScript for Node 18 and later without dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const marker = join(modules, '.installed-lock');
const installLock = join(root, '.data', 'install.lock');
const QUIET = '--disable-warning=ExperimentalWarning';
/** Reading the sources would otherwise leave 150 MB that are never needed again. */
const SMALL = '--max-semi-space-size=4';

const [command = '', ...args] = process.argv.slice(2);
const commands = listCommands();
if (!commands.includes(command)) {
  say(`${command ? `There is no command ${command}` : 'Name a command'}: ${commands.join(', ')}.`);
  process.exit(2);
}
try {
  if (!isInStep()) await withInstallLock(install);
  process.exit(
    await run(findNode(), [QUIET, SMALL, join(root, 'scripts', `${command}.ts`), ...args], 'inherit'),
  );
} catch (error) {
  say(error.message);
  process.exit(1);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function readJson(path) {
  return JSON.parse(fs.readFileSync(path, 'utf8'));
}

/** The npm scripts that come through here. */
function listCommands() {
  const { scripts } = readJson(join(root, 'package.json'));
  return Object.values(scripts).flatMap((line) => /launch\.mjs (\S+)$/.exec(line)?.[1] ?? []);
}

function lockDigest() {
  return createHash('sha256')
    .update(fs.readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Whether node_modules holds what package-lock.json names, be it installed from here or by hand. */
function isInStep() {
  const record = join(modules, '.package-lock.json');
  if (!fs.existsSync(record)) return false;
  if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === lockDigest()) return true;
  const installed = readJson(record).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    ([path, entry]) => path === '' || !belongsHere(entry) || installed[path]?.version === entry.version,
  );
}

/** Optional packages name the platforms they are for. */
function belongsHere({ os, cpu, libc, optional }) {
  if (!optional) return true;
  return !libc && (os ?? []).includes(process.platform) && (cpu ?? []).includes(process.arch);
}

async function install() {
  if (isInStep()) return;
  say('Installing the locked packages; the first time takes about a minute.');
  const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath ?? '';
  const viaCli = /npm-cli\.[cm]?js$/.test(cli);
  const started = Date.now();
  // npm's talk goes to stderr: stdout belongs to the command's data.
  const code = await run(viaCli ? process.execPath : 'npm', viaCli ? [cli, ...flags] : flags, [
    'ignore',
    2,
    2,
  ]);
  if (code !== 0)
    throw new Error(
      `The packages could not be installed (npm ci ended with ${code}; its reason stands above). Put that right and start again.`,
    );
  fs.writeFileSync(marker, lockDigest());
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** One installation at a time in this directory; a lock whose holder died is taken over. */
async function withInstallLock(work) {
  fs.mkdirSync(dirname(installLock), { recursive: true });
  const mine = `${installLock}.${process.pid}`;
  fs.writeFileSync(mine, String(process.pid));
  try {
    for (let waited = false; !tryLink(mine); waited = true) {
      if (!waited) say('Another command is installing the packages; waiting for it.');
      takeFromDead(`${mine}.taken`);
      await pause(500);
    }
    await work().finally(() => fs.rmSync(installLock));
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

function tryLink(mine) {
  try {
    fs.linkSync(mine, installLock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Renames before removing, and looks again: another waiter may have taken it over in the meantime. */
function takeFromDead(aside) {
  try {
    if (isAlive(Number(fs.readFileSync(installLock, 'utf8')))) return;
    fs.renameSync(installLock, aside);
    if (isAlive(Number(fs.readFileSync(aside, 'utf8')))) fs.linkSync(aside, installLock);
    fs.rmSync(aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The Node that the lockfile brings, else this one where it runs TypeScript. */
function findNode() {
  const locked = join(modules, '.bin', 'node');
  if (fs.existsSync(locked)) return locked;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `On this system Node 22.18 or later is needed, and this is ${process.versions.node}. Install a newer one and start again.`,
  );
}

/** Runs a program to its end, passing signals on, and ends it when whoever started this process is gone. */
function run(file, parameters, stdio) {
  const child = spawn(file, parameters, { cwd: root, stdio });
  const pass = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const before = ancestry();
  const watch = setInterval(() => {
    if (ancestry() === before) return;
    clearInterval(watch);
    pass('SIGTERM');
  }, 500);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${file} could not be started: ${error.message}.`)));
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const each of signals) process.off(each, pass);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Names the parent, and under npm its parent too: npm starts commands through a shell that outlives it. */
function ancestry() {
  if (!process.env.npm_lifecycle_event || !fs.existsSync('/proc/self/stat')) return `${process.ppid}`;
  try {
    const stat = fs.readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${stat.split(') ').at(-1)?.split(' ')[1]}`;
  } catch {
    return 'gone';
  }
}
