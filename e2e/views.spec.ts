import { expect, test } from './console.ts';
import { inspect } from './inspect.ts';

test('filters are saved under a name, restored by it, and private', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds?status=all&refund_class=partial');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Views' }).click();
  const menu = page.getByRole('dialog', { name: 'Saved views' });
  await expect(menu).toContainText('None yet.');
  await menu.getByRole('button', { name: 'Save the view' }).click();
  await expect(menu.getByText('Enter a name.')).toBeVisible();
  await menu.getByLabel('Keep these filters as').fill('All partial ones');
  await menu.getByRole('button', { name: 'Save the view' }).click();
  const view = menu.getByRole('link', { name: 'All partial ones' });
  await expect(view).toHaveAttribute('aria-current', 'true');
  await inspect(page, 'queue-views');
  await page.goto('/refunds');
  await page.getByRole('button', { name: 'Views' }).click();
  await view.click();
  await expect(page).toHaveURL(/refund_class=partial&status=all/);
  await expect(menu).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Suggested class' })).toHaveValue('partial');
  const other = await openAs('viewer');
  await other.goto('/refunds');
  await other.getByRole('button', { name: 'Views' }).click();
  await expect(other.getByRole('dialog', { name: 'Saved views' })).toContainText('None yet.');
  await page.getByRole('button', { name: 'Views' }).click();
  await menu.getByRole('button', { name: 'Delete the view All partial ones' }).click();
  await expect(menu).toContainText('None yet.');
});

test('an overdue order is marked, and all overdue orders are one click away', async ({ openAs, sql }) => {
  const page = await openAs('reviewer');
  await sql(`insert into recommender.pg_recommendations
    select news.*
    from (select to_jsonb(r) as known from recommender.pg_recommendations as r limit 1) as r
    cross join (values ('AGED-NEW', interval '23 hours'), ('AGED-OLD', interval '25 hours')) as aged (id, age)
    cross join jsonb_populate_record(
      null::recommender.pg_recommendations,
      known || jsonb_build_object('order_id', id, 'delivered_ts', now() - age)
    ) as news`);
  try {
    await page.goto('/refunds?search=AGED');
    const row = (order: string) => page.getByRole('row').filter({ hasText: order });
    await expect(row('AGED-OLD')).toContainText('Overdue');
    await expect(row('AGED-NEW')).toBeVisible();
    await expect(row('AGED-NEW')).not.toContainText('Overdue');
    await page.getByRole('button', { name: 'Only orders over 24 h old' }).click();
    await expect(row('AGED-NEW')).toHaveCount(0);
    await expect(row('AGED-OLD')).toBeVisible();
    await expect(page).toHaveURL(/older_than_minutes=1440/);
  } finally {
    await sql("delete from recommender.pg_recommendations where order_id like 'AGED-%'");
  }
});
