import type { BrowserContext, Page, Request } from '@playwright/test';
import { expect, findPending, test } from './console.ts';

// Recording eight tabs takes longer than what they do.
test.use({ trace: 'off' });

// A browser keeps six connections to a server, shared by its tabs: with a stream for each tab, the sixth would block all.
const TABS = 8;

/** Lists are fetched every five seconds as well; without that, what a tab shows has come by the stream. */
function withoutPolling(): void {
  const { setInterval } = window;
  window.setInterval = ((run: () => void, ms?: number) =>
    ms === 5_000 ? 0 : setInterval(run, ms)) as typeof window.setInterval;
}

/** As a browser behaves on a page that came over plain HTTP from another machine. */
function withoutLocks(): void {
  Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
}

/** The streams that are open, each with its tab. */
function watchStreams(context: BrowserContext): Set<Request> {
  const open = new Set<Request>();
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/stream') open.add(request);
  });
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  // What a closed page had open is not reported as failed.
  const follow = (page: Page) =>
    page.on('close', () => {
      for (const request of open) if (request.frame().page() === page) open.delete(request);
    });
  context.pages().forEach(follow);
  context.on('page', follow);
  return open;
}

const rows = (page: Page) => page.getByRole('table', { name: 'Orders' }).getByRole('link');

async function openTabs(first: Page, streams: Set<Request>): Promise<Page[]> {
  const tabs = [first];
  while (tabs.length < TABS) tabs.push(await first.context().newPage());
  for (const tab of tabs) {
    await tab.goto('/refunds');
    await expect(rows(tab)).toHaveCount(25);
  }
  await expect.poll(() => streams.size).toBe(1);
  return tabs;
}

/** Shows or hides a tab, as far as its scripts can see: every page of this browser is visible. */
async function setVisibility(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

const addOrder = `insert into recommender.pg_recommendations
  select news.*
  from (select to_jsonb(r) as known from recommender.pg_recommendations as r limit 1) as r
  cross join jsonb_populate_record(
    null::recommender.pg_recommendations,
    known || jsonb_build_object('order_id', $1::text, 'delivered_ts', now())
  ) as news`;
const removeOrders = "delete from recommender.pg_recommendations where order_id like 'TABS-%'";

async function expectNews(tabs: Page[], count: number): Promise<void> {
  for (const tab of tabs) await expect(tab.getByRole('button', { name: `${count} new` })).toBeVisible();
}

function leaderOf(streams: Set<Request>): Page {
  const [request] = streams;
  if (!request) throw new Error('no tab holds the stream');
  return request.frame().page();
}

async function decideIn(tab: Page): Promise<void> {
  const { order_id } = await findPending(tab);
  await tab.goto(`/refunds/${order_id}`);
  await expect(tab.getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
  await expect(tab.locator('form[inert]')).toHaveCount(0);
  await tab.keyboard.press('a');
  await expect(tab.getByRole('region', { name: 'Decision', exact: true })).toContainText('Decided:');
}

test('eight tabs share one stream, which another tab takes over when its tab is closed or hidden', async ({
  openAs,
  sql,
}) => {
  test.setTimeout(600_000);
  const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
  const context = page.context();
  await context.addInitScript(withoutPolling);
  const streams = watchStreams(context);
  let tabs = await openTabs(page, streams);
  try {
    await decideIn(tabs.at(-1) ?? page);
    await sql(addOrder, ['TABS-1']);
    await expectNews(tabs.slice(0, -1), 1);

    const closed = leaderOf(streams);
    await closed.close();
    tabs = tabs.slice(0, -1).filter((tab) => tab !== closed);
    await expect.poll(() => streams.size).toBe(1);
    await sql(addOrder, ['TABS-2']);
    await expectNews(tabs, 2);

    const hidden = leaderOf(streams);
    await setVisibility(hidden, 'hidden');
    await expect.poll(() => streams.size === 1 && leaderOf(streams) !== hidden).toBe(true);
    await sql(addOrder, ['TABS-3']);
    const visible = tabs.filter((tab) => tab !== hidden);
    await expectNews(visible, 3);
    await expect(hidden.getByRole('button', { name: '2 new' })).toBeVisible();

    for (const tab of [...visible, ...context.pages().filter((each) => !tabs.includes(each))])
      await setVisibility(tab, 'hidden');
    await expect.poll(() => streams.size).toBe(0);
    await setVisibility(hidden, 'visible');
    await expect.poll(() => streams.size === 1 && leaderOf(streams) === hidden).toBe(true);
    await expectNews([hidden], 3);
  } finally {
    await sql(removeOrders);
  }
});

test('without Web Locks eight tabs share one stream, too', async ({ openAs, sql }) => {
  test.setTimeout(600_000);
  const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
  const context = page.context();
  await context.addInitScript(withoutLocks);
  await context.addInitScript(withoutPolling);
  const streams = watchStreams(context);
  let tabs = await openTabs(page, streams);
  try {
    await sql(addOrder, ['TABS-1']);
    await expectNews(tabs, 1);
    const closed = leaderOf(streams);
    await closed.close();
    tabs = tabs.filter((tab) => tab !== closed);
    await expect.poll(() => streams.size).toBe(1);
    await sql(addOrder, ['TABS-2']);
    await expectNews(tabs, 2);
    await decideIn(tabs.at(-1) ?? page);
  } finally {
    await sql(removeOrders);
  }
});
