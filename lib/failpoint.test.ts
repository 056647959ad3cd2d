import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { armFailpoints, failpoint } from './failpoint.ts';

afterEach(() => armFailpoints());

const module = join(import.meta.dirname, 'failpoint.ts');
const run = async (armed: string) => {
  const program = `
    import { armFailpoints, failpoint } from '${module}';
    armFailpoints('${armed}');
    for (const n of [1, 2, 3]) { process.stdout.write(\`\${n}\`); failpoint('after-commit'); }`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program]);
  const said = text(child.stdout);
  const [code, signal] = await once(child, 'exit');
  return { said: await said, code, signal };
};

test('an armed point kills the process at the given pass', async () => {
  expect(await run('before=kill,after-commit=kill@2')).toEqual({ said: '12', code: null, signal: 'SIGKILL' });
});

test('an unarmed point does nothing', async () => {
  expect(await run('')).toEqual({ said: '123', code: 0, signal: null });
  armFailpoints('other=kill');
  expect(() => failpoint('after-commit')).not.toThrow();
});

test('invalid text is refused', () => {
  expect(() => armFailpoints('after-commit')).toThrow('FAILPOINTS has "after-commit"');
  expect(() => armFailpoints('a=kill@0')).toThrow('FAILPOINTS has "a=kill@0"');
});
