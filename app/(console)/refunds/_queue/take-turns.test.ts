import { afterEach, expect, test, vi } from 'vitest';
import { takeTurns } from './take-turns.ts';

const TABS = 8;
afterEach(() => vi.unstubAllGlobals());

/** Tabs that all want to lead, from now on. @returns those that lead, and how a tab gives up its wish. */
function openTabs(name: string) {
  const leading = new Set<number>();
  const wishes = Array.from({ length: TABS }, () => new AbortController());
  const most = { leading: 0 };
  for (const [tab, { signal }] of wishes.entries())
    takeTurns(name, signal, (turn) => {
      leading.add(tab);
      most.leading = Math.max(most.leading, leading.size);
      turn.addEventListener('abort', () => leading.delete(tab));
    });
  return { leading, most, giveUp: (tab: number) => wishes[tab]?.abort() };
}

test('with Web Locks one tab leads at a time, the next one as soon as it gives up', async () => {
  const { leading, most, giveUp } = openTabs('locks');
  for (let tab = 0; tab < TABS; tab++) {
    await expect.poll(() => [...leading]).toEqual([tab]);
    giveUp(tab);
  }
  await expect.poll(() => leading.size).toBe(0);
  expect(most.leading).toBe(1);
});

test('a tab that gives up while it waits never leads', async () => {
  const { leading, giveUp } = openTabs('waiting');
  await expect.poll(() => [...leading]).toEqual([0]);
  for (let tab = 1; tab < TABS - 1; tab++) giveUp(tab);
  giveUp(0);
  await expect.poll(() => [...leading]).toEqual([TABS - 1]);
  giveUp(TABS - 1);
});

test('without Web Locks the tab that came last leads, and another one as soon as it gives up', async () => {
  vi.stubGlobal('navigator', {});
  const { leading, giveUp } = openTabs('newest');
  const waiting = new Set(Array.from({ length: TABS }, (_, tab) => tab));
  await expect.poll(() => [...leading]).toEqual([TABS - 1]);
  while (waiting.size > 0) {
    await expect.poll(() => leading.size).toBe(1);
    const [leader = 0] = leading;
    expect(waiting.delete(leader)).toBe(true);
    giveUp(leader);
  }
  await expect.poll(() => leading.size).toBe(0);
});
