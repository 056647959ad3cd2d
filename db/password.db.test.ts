import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OperatorError } from '#lib/errors.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { connect } from './client.ts';
import { onServer } from './maintenance.ts';
import { createPasswordProvider } from './password.ts';
import { createLeastRights } from './roles/least-rights.testing.ts';

const ROTATIONS = 6;

test('under load, no request fails while the password of the server is replaced every two seconds', async () => {
  const login = await createLeastRights();
  const file = join(await temporaryDirectory(), 'password');
  writeFileSync(file, 'secret\n');
  const url = new URL(login.url);
  url.password = '';
  const password = createPasswordProvider({ DATABASE_PASSWORD_COMMAND: `cat ${file}` });
  const db = connect({ url: url.href, applicationName: 'caspers test', max: 4, password });
  let [isOver, answered] = [false, 0];
  const client = async () => {
    for (; !isOver; answered += 1) {
      const connection = await db.pool.connect();
      await connection.query('select');
      // Every tenth request needs a new connection.
      connection.release(answered % 10 === 0);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const clients = Promise.all([client(), client(), client(), client()]);
  for (let n = 1; n <= ROTATIONS; n += 1) {
    await onServer(login.ownerUrl, (owner) => owner.query(`alter role ${login.user} password 'secret ${n}'`));
    writeFileSync(file, `secret ${n}\n`);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  isOver = true;
  await clients;
  expect(answered).toBeGreaterThan(ROTATIONS * 20);
  await db.close();
  await login.drop();
});

test('a command that fails or prints nothing, and a missing file, are told in one sentence', async () => {
  const failure = (source: Parameters<typeof createPasswordProvider>[0]) =>
    createPasswordProvider(source)
      ?.read()
      .catch((error: unknown) => error);
  const refused = await failure({ DATABASE_PASSWORD_COMMAND: 'echo no token >&2; exit 3' });
  expect(refused).toBeInstanceOf(OperatorError);
  expect(refused).toMatchObject({
    message: 'The command of DATABASE_PASSWORD_COMMAND failed with code 3: no token.',
  });
  expect(await failure({ DATABASE_PASSWORD_COMMAND: 'true' })).toMatchObject({
    message: expect.stringMatching(/printed nothing/),
  });
  expect(await failure({ DATABASE_PASSWORD_FILE: '/nowhere' })).toMatchObject({
    message: expect.stringMatching(/ENOENT/),
  });
});

test('a token is kept until a minute before it expires, and asked for again after a refusal', async () => {
  const file = join(await temporaryDirectory(), 'asked');
  const payload = Buffer.from(JSON.stringify({ exp: 3600 })).toString('base64url');
  const command = `printf x >> ${file}; printf a.${payload}.c; wc -c < ${file}`;
  let now = 0;
  const provider = createPasswordProvider({ DATABASE_PASSWORD_COMMAND: command }, () => now);
  const first = await provider?.read();
  now = 3_539_000;
  expect(await provider?.read()).toBe(first);
  now = 3_541_000;
  const second = await provider?.read();
  expect(second).not.toBe(first);
  provider?.forget(second ?? '');
  expect(await provider?.read()).not.toBe(second);
});

test('a password is asked for again once after it was refused, however many connections it was given to', async () => {
  const file = join(await temporaryDirectory(), 'asked');
  const provider = createPasswordProvider({
    DATABASE_PASSWORD_COMMAND: `echo x >> ${file}; wc -l < ${file}`,
  });
  expect(await Promise.all([provider?.read(), provider?.read()])).toEqual(['1', '1']);
  provider?.forget('1');
  expect(await provider?.read()).toBe('2');
  provider?.forget('1');
  expect(await provider?.read()).toBe('2');
});

test('a token of less than two minutes is kept for half of its time', async () => {
  const file = join(await temporaryDirectory(), 'token');
  let now = 0;
  const provider = createPasswordProvider({ DATABASE_PASSWORD_COMMAND: `cat ${file}` }, () => now);
  const write = (n: number) =>
    writeFileSync(file, `e30.${Buffer.from(JSON.stringify({ exp: 70, n })).toString('base64url')}.c2ln`);
  write(1);
  const first = await provider?.read();
  write(2);
  now = 34_999;
  expect(await provider?.read()).toBe(first);
  now = 35_000;
  expect(await provider?.read()).not.toBe(first);
});
