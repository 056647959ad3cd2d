import type { Page } from '@playwright/test';
import { openTestProvider, type TestProvider } from '#lib/auth/oidc/provider.testing.ts';
import { accountOf, expect, test } from './console.ts';
import { inspect } from './inspect.ts';
import { openSecondConsole, type SecondConsole } from './setup/second-console.ts';

const PATH = '/refunds?status=all&refund_class=partial';
let provider: TestProvider;
let second: SecondConsole;

test.beforeAll(async ({ system }) => {
  second = await openSecondConsole(system, async (url) => {
    provider = await openTestProvider(url);
    const { issuer, clientId, clientSecret, name } = provider.settings;
    return {
      PUBLIC_URL: url,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_NAME: name,
    };
  });
});
test.afterAll(async () => {
  await second.close();
  await provider.close();
});

const open = async (page: Page) => {
  await page.goto(`${second.url}${PATH}`);
  await page.getByRole('button', { name: 'Sign in with Example Inc' }).click();
};

test('an invited person signs in with the provider and reaches the requested page', async ({
  page,
  system,
  sql,
}) => {
  const { email } = accountOf(system, 'reviewer');
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled();
  await expect(page.getByRole('button', { name: /^Sign in with/ })).toHaveCount(0);
  provider.person = { sub: 'the reviewer', email, email_verified: true };
  await page.goto(`${second.url}/sign-in`);
  await expect(page.getByRole('button', { name: 'Sign in with Example Inc' })).toBeEnabled();
  await inspect(page, 'sign-in-provider');
  await open(page);
  await expect(page.getByRole('heading', { name: 'Refund queue' })).toBeVisible();
  expect(page.url()).toBe(`${second.url}${PATH}`);
  await expect(page.getByRole('button', { name: /^Refund reviewer/i })).toBeVisible();
  const [entry] = await sql<{ method: string }>(
    `select detail ->> 'method' as method from auth.audit_log
     where action = 'sign_in' and actor = $1 order by seq desc limit 1`,
    [email],
  );
  expect(entry).toEqual({ method: 'oidc' });
});

test('a person without an invitation gets a message, and the request is in the log', async ({ page }) => {
  provider.person = undefined;
  await open(page);
  await expect(page.getByText('You were not signed in')).toBeVisible();
  provider.person = { sub: 'a stranger', email: 'stranger@example.com', email_verified: true };
  await page.getByRole('button', { name: 'Sign in with Example Inc' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'Nobody here has this account' });
  await expect(alert).toBeVisible();
  await inspect(page, 'sign-in-refused');
  const request = /[0-9a-f-]{36}/.exec((await alert.textContent()) ?? '')?.[0] ?? 'no request';
  expect(second.said.filter((line) => line.includes(request))).toHaveLength(1);
  await page.goto(`${second.url}/sign-in?failed=${encodeURIComponent('<b>x</b>')}&request=call-555-0100`);
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled();
  await expect(page.getByText(/555|<b>/)).toHaveCount(0);
});
