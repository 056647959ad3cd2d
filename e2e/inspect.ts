import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './console.ts';

/** Takes a screenshot, runs axe, and checks that the screen does not scroll sideways. `isLoading`: its rows never come. */
export async function inspect(page: Page, name: string, isLoading = false) {
  if (!isLoading) await waitForRows(page);
  await page.screenshot({ path: `test-results/screens/${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect.soft(grave.map(({ id, nodes }) => `${name}: ${id} ${nodes[0]?.html}`)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Waits until no table waits for rows and nothing fades: what fades has less contrast than it will have. */
async function waitForRows(page: Page): Promise<void> {
  await expect(page.locator('table[aria-busy="true"]')).toHaveCount(0);
  await expect.poll(() => page.evaluate(countFading)).toBe(0);
}

/** The number of animations that run and have an end. */
function countFading(): number {
  return document
    .getAnimations()
    .filter(
      ({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity,
    ).length;
}
