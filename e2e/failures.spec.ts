import pg from 'pg';
import { expect, test } from './console.ts';
import { cookieOf } from './setup/cookie-of.ts';
import { type OpenSystem, openSystem } from './setup/open-system.ts';

/** Texts of internal errors and implementation details. */
const internal =
  /does not exist|relation \\*"|\b(refunds|lakeflow|recommender)\.[a-z]|\b42P01|parserOpenTable|\bwith \w+ as \(|node_modules|\.tsx?\b|\/(tmp|home|root|srv)\/|\bat .+:\d+:\d+|PostgreSQL/i;

let system: OpenSystem;
let cookie: string;

test.beforeAll(async () => {
  system = await openSystem({ filled: false, env: { LOG_LEVEL: 'debug' } });
  cookie = await cookieOf(system, 'admin');
});
test.afterAll(() => system.close());

/** Renames the schemas of refunds, orders and recommendations, or restores their names. */
async function renameSchemas(from: string, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  for (const schema of ['refunds', 'lakeflow', 'recommender'])
    await client.query(`alter schema ${from}${schema} rename to ${to}${schema}`);
  await client.end();
}

const isLogged = (id: string) => system.said.some((line) => line.includes(id));
const pages = ['/refunds', '/refunds/ORDER1', '/decisions', '/settings'];
const apis = ['/api/summary', '/api/recommendations', '/api/decisions', '/api/orders/ORDER1/events'];

test('a failure in the served console shows a request id that is in the log, and no internal details', async ({
  page,
}) => {
  const [name = '', value = ''] = cookie.split(/=(.*)/);
  await page.context().addCookies([{ name, value, url: system.url }]);
  await page.goto(`${system.url}/settings`);
  await expect(page.getByLabel('New limit in dollars')).toBeVisible();
  await renameSchemas('', 'gone_');
  for (const path of apis) {
    const answer = await fetch(`${system.url}${path}`, { headers: { cookie } });
    const text = await answer.text();
    expect.soft([path, answer.status, text.match(internal)]).toEqual([path, 500, null]);
    expect.soft([path, isLogged(answer.headers.get('x-request-id') ?? 'none')]).toEqual([path, true]);
  }
  let broken = 0;
  for (const path of pages)
    for (const headers of [{}, { rsc: '1' }] as Record<string, string>[]) {
      const answer = await fetch(`${system.url}${path}`, { headers: { cookie, ...headers } });
      const text = await answer.text();
      expect.soft([path, text.match(internal)]).toEqual([path, null]);
      const digests = [...text.matchAll(/digest\\*":\\*"(\d+)/g)].map(([, digest = '']) => digest);
      broken += digests.length;
      expect.soft([path, digests.filter((digest) => !isLogged(digest))]).toEqual([path, []]);
    }
  expect(broken).toBeGreaterThan(1);
  await page.getByLabel('New limit in dollars').fill('700');
  await page.getByLabel('Why').fill('A trial.');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'Request' });
  await expect(alert).toBeVisible();
  const words = (await alert.textContent()) ?? '';
  expect([words.match(internal), isLogged(/[0-9a-f-]{36}/.exec(words)?.[0] ?? 'none')]).toEqual([null, true]);
  await expect(page.getByLabel('New limit in dollars')).toHaveValue('700');
  await page.goto(`${system.url}/settings`);
  await expect(page.getByRole('heading', { name: 'could not be shown' })).toBeVisible();
  const shown = (await page.locator('main').textContent()) ?? '';
  expect([shown.match(internal), isLogged(/Request (\d+)/.exec(shown)?.[1] ?? 'none')]).toEqual([null, true]);
  await renameSchemas('gone_', '');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByLabel('New limit in dollars')).toBeVisible();
});
