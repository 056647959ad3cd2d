import { expect, test } from 'vitest';
import { EventKeys, eventKey, keyTexts } from './event-keys.ts';

test('a key counts once, and not where it is already stored', () => {
  const ids = Array.from({ length: 5000 }, (_, n) => (n % 2 ? `e${n}` : n.toString(16).padStart(32, '0')));
  const stored = new EventKeys();
  for (const id of ids.slice(0, 1000)) stored.add(eventKey(id));
  const keys = new EventKeys(stored.finish());
  const added = [...ids, ...ids].filter((id) => keys.add(eventKey(id)));
  expect(added).toEqual(ids.slice(1000));
  expect(keys.count).toBe(4000);
  expect(keyTexts(keys.finish())).toEqual(new Set(ids.slice(1000).map(eventKey)));
});

test('keys come out sorted, in a buffer of their own', () => {
  const keys = new EventKeys();
  for (const id of ['c', 'a', 'b']) keys.add(eventKey(id));
  const finished = keys.finish();
  const texts = [...keyTexts(finished)];
  expect(texts).toEqual(texts.toSorted());
  expect(finished.buffer.byteLength).toBe(finished.length);
});
