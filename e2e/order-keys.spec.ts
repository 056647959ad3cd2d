import type { Page } from '@playwright/test';
import { integer, pick, stream } from '#lib/random.ts';
import { expect, testApart as test } from './console.ts';

type Press = { key: string; shown: string | null; address: string };

/** Records each key with the order that stood on the screen and in the address at that moment. */
function recordKeys() {
  const presses: Press[] = [];
  Object.assign(window, { presses });
  document.addEventListener(
    'keydown',
    ({ key, isTrusted }) => {
      const article = document.querySelector<HTMLElement>('[data-open-order]');
      const shown = article?.checkVisibility() ? (article.dataset.openOrder ?? null) : null;
      if (isTrusted) presses.push({ key, shown, address: location.pathname });
    },
    true,
  );
}

const readPresses = (page: Page) => page.evaluate(() => (window as unknown as { presses: Press[] }).presses);

/** Waits until the last key has had its effect, or the screen says why it had none. */
async function expectAnswer(page: Page, key: string): Promise<void> {
  const reason = page
    .getByRole('status')
    .filter({ hasText: /still loading|isn't available|Open an order first|was left/ });
  const decided = page
    .getByText(/^Decided:|Saving…|Checking…|Undoing…/)
    .or(page.getByText('This was not done'));
  await expect(
    reason.or(decided).filter({ visible: true }).first(),
    `${key} has an effect or a word`,
  ).toBeVisible();
}

/** n leads to a field of the form, in which the next key would be text. */
async function leaveField(page: Page): Promise<void> {
  await page.waitForTimeout(100);
  if (await page.locator('select:focus, input:focus, textarea:focus').count())
    await page.keyboard.press('Escape');
}

const conditions = [
  { latency: 0, slowdown: 1 },
  { latency: 200, slowdown: 1 },
  { latency: 600, slowdown: 1 },
  { latency: 1500, slowdown: 1 },
  { latency: 0, slowdown: 6 },
];

for (const { latency, slowdown } of conditions)
  test(`keys decide only the order on the screen: ${latency} ms of latency, processor ${slowdown} times slower`, async ({
    openAs,
    sql,
  }) => {
    test.slow();
    const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
    await page.addInitScript(recordKeys);
    await page.route('**/refunds/**', async (route) => {
      if (route.request().headers().rsc) await new Promise((resolve) => setTimeout(resolve, latency));
      await route.continue();
    });
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    const random = stream(14, latency, slowdown);
    const [{ id: before } = { id: '0' }] = await sql<{ id: string }>(
      'select coalesce(max(id), 0) as id from refunds.refund_decisions',
    );
    await page.goto('/refunds');
    await page.getByRole('row').nth(1).getByRole('link').click();
    await expect(
      page.locator('form:not([inert])').getByRole('button', { name: /^Refund|^No refund/ }),
    ).toBeVisible();
    for (let sequence = 0; sequence < 10; sequence += 1)
      for (let n = 0; n < 5; n += 1) {
        const key = pick(random, ['j', 'j', 'k', 'a', 'a', 'u', 'n']);
        await page.keyboard.press(key);
        if (key === 'a' || key === 'u') await expectAnswer(page, key);
        if (key === 'n') await leaveField(page);
        await page.waitForTimeout(integer(random, 0, 400));
      }
    await expect(page.getByText(/Saving…|Checking…|Undoing…/)).toHaveCount(0);
    const decisions = await sql<{ order_id: string }>(
      "select order_id from refunds.refund_decisions where id > $1 and decided_by = 'reviewer@caspers.local' and supersedes_id is null",
      [before],
    );
    const seen = new Set(
      (await readPresses(page)).filter(({ key }) => key === 'a').map(({ shown }) => shown),
    );
    expect(decisions.filter(({ order_id }) => !seen.has(order_id))).toEqual([]);
    expect(decisions.length).toBeGreaterThan(0);
  });
