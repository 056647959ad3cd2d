import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { choosePort, isPortFree } from './choose-port.ts';

const host = '127.0.0.1';
const without = (taken: number[]) => async (port: number) => !taken.includes(port);

test('unset, it is 3000, or the next free one', async () => {
  expect(await choosePort({ host }, without([]))).toBe(3000);
  expect(await choosePort({ host }, without([3000, 3001]))).toBe(3002);
});

test('unset, it is that of the last start while that is free', async () => {
  expect(await choosePort({ host, last: 3007 }, without([]))).toBe(3007);
  expect(await choosePort({ host, last: 3007 }, without([3007]))).toBe(3000);
});

test('set, it is that one or a sentence that names it', async () => {
  expect(await choosePort({ host, wanted: 8080, last: 3007 }, without([]))).toBe(8080);
  await expect(choosePort({ host, wanted: 8080 }, without([8080]))).rejects.toThrow(/^Port 8080 is in use/);
});

test('no free port is a sentence', async () => {
  await expect(choosePort({ host }, async () => false)).rejects.toThrow(/Set PORT to a free one/);
});

test('a port that a server listens on is not free, and is free again after', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await isPortFree(port, host)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isPortFree(port, host)).toBe(true);
});
