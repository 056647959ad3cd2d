import { spawn } from 'node:child_process';

/** A process for the tests of the supervisor: behaves as its arguments say until the IPC channel closes. */
const behaviour = new Set(process.argv.slice(2));

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => {
  if (!behaviour.has('stubborn')) process.exit(0);
});
if (behaviour.has('grandchild')) {
  const grandchild = spawn('sleep', ['60'], { stdio: 'inherit' });
  process.stdout.write(`grandchild ${grandchild.pid}\n`);
}
process.stdout.write('up\n');
if (behaviour.has('die')) throw new Error('the disk is gone');
setInterval(() => undefined, 1000);
