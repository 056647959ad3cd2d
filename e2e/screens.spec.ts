import type { BrowserContextOptions, Page } from '@playwright/test';
import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';
import { openSystem } from './setup/open-system.ts';

const sizes = { '360': [360, 800], '768': [768, 1024], '1280': [1280, 800], '1440': [1440, 1000] } as const;
const looks = (
  [
    ['light', '360'],
    ['light', '768'],
    ['light', '1280'],
    ['light', '1440'],
    ['dark', '360'],
    ['dark', '1280'],
  ] as const
).map(([colorScheme, size]) => {
  const [width, height] = sizes[size];
  const options: BrowserContextOptions = { colorScheme, viewport: { width, height } };
  return { name: `${colorScheme}-${size}`, options };
});

for (const { name, options } of looks) {
  test(`every screen in ${name}`, async ({ openAs }) => {
    const stranger = await openAs('anonymous', options);
    await stranger.goto('/sign-in');
    await inspect(stranger, `sign-in-${name}`);
    const page = await openAs('reviewer', options);
    await page.goto('/refunds?status=all');
    await expect(page.getByRole('table', { name: 'Orders' }).getByRole('link')).toHaveCount(25);
    await inspect(page, `queue-${name}`);
    const { order_id } = await findPending(page);
    await page.goto(`/refunds/${order_id}?status=all`);
    await expect(page.getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
    await page.waitForLoadState('networkidle');
    await inspect(page, `order-${name}`);
    if (options.viewport && options.viewport.width >= 1280) await expectNoBlank(page);
    await page.getByLabel('Amount in dollars').fill('9999');
    await page.getByText(/^At most/).scrollIntoViewIfNeeded();
    await inspect(page, `order-error-${name}`);
    await page.goto('/refunds/NOPE');
    await expect(page.getByRole('heading', { name: 'There is no such order' })).toBeVisible();
    await inspect(page, `order-unknown-${name}`);
    await page.goto('/refunds?location=nowhere');
    await expect(page.getByRole('heading', { name: 'No order fits these filters' })).toBeVisible();
    await inspect(page, `queue-no-match-${name}`);
    await page.route('**/api/recommendations**', (route) => route.abort());
    await page.goto('/refunds');
    await expect(page.getByRole('alert').filter({ hasText: 'could not be loaded' })).toBeVisible();
    await inspect(page, `queue-error-${name}`);
    await page.unroute('**/api/recommendations**');
    await page.route('**/api/**', () => undefined);
    await page.goto('/refunds');
    await expect(page.getByRole('table', { name: 'Orders' })).toBeVisible();
    await inspect(page, `queue-loading-${name}`, true);
  });
}

/** Where queue and order scroll by themselves, the document has nothing to scroll. */
async function expectNoBlank(page: Page): Promise<void> {
  const height = await page.evaluate(() => [document.documentElement.scrollHeight, window.innerHeight]);
  expect(height[0]).toBe(height[1]);
}

test('an order prints whole, without the queue, dark on white', async ({ openAs }) => {
  const page = await openAs('reviewer', { colorScheme: 'dark', viewport: { width: 816, height: 1056 } });
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await expect(page.getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Refund queue' })).toBeHidden();
  const printed = await page.evaluate(() => ({
    background: getComputedStyle(document.documentElement).backgroundColor,
    ink: getComputedStyle(document.querySelector('#order-title') ?? document.body).color,
    cut: [...document.querySelectorAll('section, article, main')].filter(
      (part) => getComputedStyle(part).overflowY !== 'visible' && part.scrollHeight > part.clientHeight + 1,
    ).length,
  }));
  expect(printed).toEqual({ background: 'rgb(255, 255, 255)', ink: 'rgb(20, 24, 31)', cut: 0 });
});

test('the chosen theme applies from the first byte of the next page', async ({ openAs }) => {
  const page = await openAs('reviewer', { colorScheme: 'light' });
  await page.goto('/refunds');
  await page.getByRole('button', { name: /account and theme/ }).click();
  await inspect(page, 'menu');
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const html = await (await page.request.get('/refunds')).text();
  expect(html).toContain('data-theme="dark"');
});

test('a console without orders says what to do', async ({ browser }) => {
  const system = await openSystem({ filled: false });
  try {
    const context = await browser.newContext({ baseURL: system.url });
    const page = await context.newPage();
    const [account] = system.accounts;
    await page.goto('/refunds?status=all');
    await page.getByLabel('E-mail').fill(account?.email ?? '');
    await page.getByLabel('Password').fill(account?.password ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'No orders have been scored yet' })).toBeVisible();
    await inspect(page, 'queue-empty');
    await context.close();
  } finally {
    await system.close();
  }
});

test('no request goes to another origin', async ({ openAs, system }) => {
  const page = await openAs('reviewer');
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(system.url) && !request.url().startsWith('data:'))
      foreign.push(request.url());
  });
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await expect(page.getByRole('heading', { name: `Order ${order_id}` })).toBeVisible();
  expect(foreign).toEqual([]);
});

test('the layout does not shift while a screen loads', async ({ openAs }) => {
  const page = await openAs('reviewer', { viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    const shifts = Object.assign(window, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.shifted += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  for (const path of ['/refunds?status=all', `/refunds/${order_id}`]) {
    await page.goto(path);
    await expect(page.getByRole('table', { name: 'Orders' }).getByRole('link')).toHaveCount(25);
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBeLessThan(0.02);
  }
});
