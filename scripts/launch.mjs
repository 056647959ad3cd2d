// Plain JavaScript for Node 18 and later, without dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { acquireLock } from './cli/lock-file.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const marker = join(modules, '.installed-lock');
const installLock = join(root, '.data', 'install.lock');
const nodeFlags = [
  '--disable-warning=ExperimentalWarning',
  // Loading the sources would otherwise leave 150 MB of memory that are never needed again.
  '--max-semi-space-size=4',
];

const [command = '', ...args] = process.argv.slice(2);
const commands = listCommands();
if (!commands.includes(command)) {
  say(`${command ? `There is no command ${command}` : 'Name a command'}: ${commands.join(', ')}.`);
  process.exit(2);
}
try {
  if (!isInstallCurrent()) await withInstallLock(install);
  // Half of a command's start is compiling its sources; this keeps the result for all processes that it starts, too.
  process.env.NODE_COMPILE_CACHE ??= join(modules, '.cache', 'compile');
  process.exit(
    await run(findNode(), [...nodeFlags, join(root, 'scripts', `${command}.ts`), ...args], 'inherit'),
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

/** The commands of the npm scripts. */
function listCommands() {
  const { scripts } = readJson(join(root, 'package.json'));
  return Object.values(scripts).flatMap((line) => /launch\.mjs (\S+)$/.exec(line)?.[1] ?? []);
}

function lockDigest() {
  return createHash('sha256')
    .update(fs.readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Whether node_modules holds what package-lock.json names, installed by this launcher or by hand. */
function isInstallCurrent() {
  const record = join(modules, '.package-lock.json');
  if (!fs.existsSync(record)) return false;
  if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === lockDigest()) return true;
  const installed = readJson(record).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    ([path, entry]) => path === '' || !isForThisPlatform(entry) || installed[path]?.version === entry.version,
  );
}

/** Optional packages name their platforms. */
function isForThisPlatform({ os, cpu, libc, optional }) {
  if (!optional) return true;
  return !libc && (os ?? []).includes(process.platform) && (cpu ?? []).includes(process.arch);
}

async function install() {
  if (isInstallCurrent()) return;
  say('Installing the locked packages; the first time takes about a minute.');
  const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath ?? '';
  const viaCli = /npm-cli\.[cm]?js$/.test(cli);
  const started = Date.now();
  // The messages of npm go to stderr: stdout is for the command's data.
  const code = await run(viaCli ? process.execPath : 'npm', viaCli ? [cli, ...flags] : flags, [
    'ignore',
    2,
    2,
  ]);
  if (code !== 0)
    throw new Error(
      `The packages could not be installed (npm ci ended with ${code}; the reason is above). Correct that and start again.`,
    );
  fs.writeFileSync(marker, lockDigest());
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** One installation at a time in this directory; the lock of a process that was killed is taken over. */
async function withInstallLock(work) {
  fs.mkdirSync(dirname(installLock), { recursive: true });
  const isHeld = (pid) => isAlive(Number(pid));
  for (let waited = false; acquireLock(installLock, String(process.pid), isHeld).holder; waited = true) {
    if (!waited) say('Another command is installing the packages; waiting for it.');
    await pause(500);
  }
  await work().finally(() => fs.rmSync(installLock));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The Node of the lockfile, else this one if it runs TypeScript. */
function findNode() {
  const locked = join(modules, '.bin', 'node');
  if (fs.existsSync(locked)) return locked;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `On this system Node 22.18 or later is needed; this is ${process.versions.node}. Install a newer one and start again.`,
  );
}

/** Runs a program to its end and passes signals on; stops it when the parent of this process has ended. */
function run(file, parameters, stdio) {
  const child = spawn(file, parameters, { cwd: root, stdio });
  const pass = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const before = parents();
  const watch = setInterval(() => {
    if (parents() === before) return;
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

/** The parent's number, and under npm that of its parent too: npm starts commands through a shell that outlives it. */
function parents() {
  if (!process.env.npm_lifecycle_event || !fs.existsSync('/proc/self/stat')) return `${process.ppid}`;
  try {
    const stat = fs.readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${stat.split(') ').at(-1)?.split(' ')[1]}`;
  } catch {
    return 'gone';
  }
}
