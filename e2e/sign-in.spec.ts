import { accountOf, expect, test } from './console.ts';

test('an anonymous visitor has to sign in, and is then redirected to the requested page', async ({
  page,
  system,
}) => {
  const { email, password } = accountOf(system, 'reviewer');
  await page.goto('/refunds?status=all');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'do not match' });
  await expect(alert).toContainText('Request');
  await expect(page.getByLabel('E-mail')).toHaveValue(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Refund queue' })).toBeVisible();
  await expect(page).toHaveURL(/\/refunds\?status=all$/);
  await expect(page.getByRole('button', { name: /^Refund reviewer/i })).toBeVisible();
});

test('signing out ends the session', async ({ page, system }) => {
  const { email, password } = accountOf(system, 'lead');
  await page.goto('/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const signOut = page.getByRole('menuitem', { name: 'Sign out' });
  await expect(async () => {
    await page.getByRole('button', { name: /^Operations lead/i }).click({ timeout: 2000 });
    await expect(signOut).toBeVisible({ timeout: 2000 });
  }).toPass();
  await signOut.click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto('/refunds');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('signing in never redirects to another site', async ({ page, system }) => {
  const { email, password } = accountOf(system, 'reviewer');
  await page.goto('/sign-in?next=https://elsewhere.test/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Refund queue' })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(system.url);
});
