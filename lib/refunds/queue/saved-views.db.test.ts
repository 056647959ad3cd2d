import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { saveViewSchema } from '#lib/contract/queue.ts';
import { NotFoundError } from '#lib/errors.ts';
import { deleteView, listViews, MAX_VIEWS, saveView } from './saved-views.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com' };
const ben = { email: 'ben@example.com' };
const named = async (person: typeof ana) =>
  (await listViews(db, person)).map(({ name, search }) => [name, search]);

test('a view belongs to its person, and saving a name again replaces it', async () => {
  await saveView(db, ana, { name: 'Late in SF', search: 'location=sf&min_minutes=45' });
  await saveView(db, ana, { name: 'All full', search: 'class=full' });
  await saveView(db, ben, { name: 'Late in SF', search: 'location=sf&min_minutes=60' });
  await saveView(db, ana, { name: 'Late in SF', search: 'location=sf&min_minutes=50' });
  expect(await named(ana)).toEqual([
    ['All full', 'class=full'],
    ['Late in SF', 'location=sf&min_minutes=50'],
  ]);
  expect(await named(ben)).toEqual([['Late in SF', 'location=sf&min_minutes=60']]);
});

test('a person cannot delete the view of another', async () => {
  const [view] = await listViews(db, ben);
  const viewId = view?.id ?? '';
  await expect(deleteView(db, ana, { viewId })).rejects.toBeInstanceOf(NotFoundError);
  expect(await named(ben)).toHaveLength(1);
  await deleteView(db, ben, { viewId });
  expect(await named(ben)).toEqual([]);
});

test('a person keeps at most fifty views, and each of them can still be changed', async () => {
  const cyd = { email: 'cyd@example.com' };
  for (let n = 0; n < MAX_VIEWS; n++) await saveView(db, cyd, { name: `view ${n}`, search: '' });
  await expect(saveView(db, cyd, { name: 'one more', search: '' })).rejects.toMatchObject({ field: 'name' });
  await saveView(db, cyd, { name: 'view 7', search: 'class=none' });
  const views = await named(cyd);
  expect(views).toHaveLength(MAX_VIEWS);
  expect(views).toContainEqual(['view 7', 'class=none']);
});

test.each([
  ['no name', { name: '  ' }],
  ['a long name', { name: 'x'.repeat(61) }],
  ['a name with a line break', { name: 'a\nb' }],
  ['a long search', { search: 'x'.repeat(2001) }],
  ['another person’s name', { person: 'ben@example.com' }],
])('%s is refused', (_, change) => {
  expect(saveViewSchema.safeParse({ name: 'ok', search: '', ...change }).success).toBe(false);
});
