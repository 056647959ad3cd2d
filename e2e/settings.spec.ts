import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';

test('an admin invites a person, who signs in; deactivating the account ends the session', async ({
  openAs,
  system,
}) => {
  const admin = await openAs('admin');
  await admin.goto('/settings/people');
  await admin.getByLabel('Name', { exact: true }).fill('A new reviewer');
  await admin.getByLabel('E-mail').fill('not an address');
  await admin.getByRole('button', { name: 'Invite' }).click();
  await expect(admin.getByText('Enter an e-mail address.')).toBeVisible();
  await admin.getByLabel('E-mail').fill('new@caspers.local');
  await admin.getByRole('button', { name: 'Invite' }).click();
  const password = (await admin.locator('code').textContent()) ?? '';
  await inspect(admin, 'people');
  const page = await openAs('anonymous');
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill('new@caspers.local');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Refund queue' })).toBeVisible();
  const row = admin.getByRole('listitem').filter({ hasText: 'new@caspers.local' });
  await row.getByRole('combobox', { name: 'Role of new@caspers.local' }).selectOption('Lead');
  await row.getByRole('button', { name: 'Make lead' }).click();
  await expect(row.getByRole('button', { name: 'Make lead' })).toHaveCount(0);
  await row.getByRole('button', { name: 'Shut out' }).click();
  await expect(row.getByText('Shut out', { exact: true })).toBeVisible();
  const ask = async () => (await page.request.get(`${system.url}/api/summary`)).status();
  await expect.poll(ask).toBe(401);
});

test('a program reads with a token until it is revoked', async ({ openAs, system }) => {
  const admin = await openAs('admin');
  await admin.goto('/settings/people');
  await admin.getByLabel('Name of the program').fill('nightly-report');
  await admin.getByRole('button', { name: 'Make a token' }).click();
  const token = (await admin.locator('code').textContent()) ?? '';
  const ask = () => fetch(`${system.url}/api/summary`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask()).status).toBe(200);
  await admin.getByRole('button', { name: 'Revoke' }).click();
  const row = admin.getByRole('listitem').filter({ hasText: 'nightly-report' });
  await expect(row).toContainText('revoked');
  expect((await ask()).status).toBe(401);
});

test('a lead sets the limit; without the permission the page for people does not exist', async ({
  openAs,
}) => {
  const lead = await openAs('lead');
  await lead.goto('/settings');
  await lead.getByLabel('New limit in dollars').fill('900');
  await lead.getByRole('button', { name: 'Set the limits' }).click();
  await expect(lead.getByText('Say why, in a few words.')).toBeVisible();
  await lead.getByLabel('Daily limit in dollars').fill('5000');
  await lead.getByLabel('Why').fill('A trial.');
  await lead.getByRole('button', { name: 'Set the limits' }).click();
  await expect(lead.getByText('$900.00')).toBeVisible();
  await expect(lead.getByText('$5,000.00')).toBeVisible();
  await inspect(lead, 'settings');
  await lead.getByLabel('Daily limit in dollars').fill('');
  await lead.getByLabel('Why').fill('The end of the trial.');
  await lead.getByRole('button', { name: 'Set the limits' }).click();
  await expect(lead.getByText('There is no daily limit.')).toBeVisible();
  await lead.goto('/settings/people');
  await expect(lead.getByRole('heading', { name: 'People' })).toHaveCount(0);
});

test('the history is searched, links to its orders, and is exported to a file', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await page.getByRole('button', { name: /^Refund \$/ }).click();
  await expect(page.getByText('Decided: refund of')).toBeVisible();
  await page.goto('/decisions');
  await expect(page.getByRole('heading', { name: 'Decisions' })).toBeVisible();
  await inspect(page, 'decisions');
  await page.keyboard.press('/');
  await page.keyboard.type('nobodywrotethis');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/search=nobodywrotethis/);
  await expect(page.getByRole('heading', { name: 'No decision fits' })).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Search reasons, orders and people' });
  await search.fill('reviewer');
  await search.press('Enter');
  await page.getByRole('combobox', { name: 'Against the suggestion' }).selectOption('accepted');
  await expect(page).toHaveURL(/suggestion=accepted/);
  await expect(page.getByRole('row').nth(1)).toContainText('As suggested');
  await expect(page.getByRole('link', { name: 'Export as CSV' })).toHaveAttribute(
    'href',
    /search=reviewer&suggestion=accepted/,
  );
  const order = (await page.getByRole('row').nth(1).getByRole('link').textContent()) ?? '';
  await page.getByRole('searchbox', { name: 'Order', exact: true }).fill(order);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`order_id=${order}`));
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('decisions.csv');
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: `Order ${order}` })).toBeVisible();
});
