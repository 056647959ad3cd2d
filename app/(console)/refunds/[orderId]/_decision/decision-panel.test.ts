import { expect, test } from 'vitest';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';
import { resolveShownDecision } from './decision-panel.tsx';

const at = (second: number) => `2026-01-02T12:00:0${second}.000Z`;
const mine = { id: '1', decidedTs: at(5) } as Decision;
const reversal = { id: '2', kind: 'reversal', decidedTs: at(7) } as Decision;
const asked = { id: '3', requestedTs: at(5) } as ApprovalRequest;
const page = { currentDecision: null, approval: null, changedTs: at(1) };

test('one’s own decision is shown until the page knows of it', () => {
  expect(resolveShownDecision({ decided: mine }, page)).toEqual({ approval: null, decision: mine });
  expect(resolveShownDecision({ decided: mine }, { ...page, changedTs: null }).decision).toBe(mine);
});

test('a newer page is shown as it is, even where another person has changed the decision', () => {
  const known = { ...page, currentDecision: mine, changedTs: at(5) };
  expect(resolveShownDecision({ decided: mine }, known).decision).toBe(mine);
  const reversed = { ...page, currentDecision: reversal, changedTs: at(7) };
  expect(resolveShownDecision({ decided: mine }, reversed).decision).toBe(reversal);
  const undone = { ...page, changedTs: at(7) };
  expect(resolveShownDecision({ decided: mine }, undone)).toEqual({ approval: null, decision: null });
});

test('a request is shown until the page knows that it is settled', () => {
  expect(resolveShownDecision({ approval: asked }, page).approval).toBe(asked);
  expect(resolveShownDecision({ approval: asked }, { ...page, changedTs: at(6) }).approval).toBeNull();
});

test('after a failure the form is shown instead of the decision of another person', () => {
  const known = { ...page, currentDecision: mine, changedTs: at(5) };
  expect(resolveShownDecision({ failure: new Error('late') }, known).decision).toBeNull();
});
