import { expect, test } from 'vitest';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';
import { resolveShownDecision } from './decision-panel.tsx';

const at = (second: number) => `2026-01-02T12:00:0${second}.000Z`;
const mine = { id: '1', decidedTs: at(5) } as Decision;
const reversal = { id: '2', kind: 'reversal', decidedTs: at(7) } as Decision;
const asked = { id: '3', requestedTs: at(5) } as ApprovalRequest;
const page = { currentDecision: null, approval: null, changedTs: at(1) };

test('one’s own decision stands until the page knows of it', () => {
  expect(resolveShownDecision({ decided: mine }, page)).toEqual({ waiting: null, decided: mine });
  expect(resolveShownDecision({ decided: mine }, { ...page, changedTs: null }).decided).toBe(mine);
});

test('a page that has caught up has the last word, also where somebody has gone on', () => {
  const known = { ...page, currentDecision: mine, changedTs: at(5) };
  expect(resolveShownDecision({ decided: mine }, known).decided).toBe(mine);
  const reversed = { ...page, currentDecision: reversal, changedTs: at(7) };
  expect(resolveShownDecision({ decided: mine }, reversed).decided).toBe(reversal);
  const undone = { ...page, changedTs: at(7) };
  expect(resolveShownDecision({ decided: mine }, undone)).toEqual({ waiting: null, decided: null });
});

test('a request waits until the page knows that it is settled', () => {
  expect(resolveShownDecision({ waiting: asked }, page).waiting).toBe(asked);
  expect(resolveShownDecision({ waiting: asked }, { ...page, changedTs: at(6) }).waiting).toBeNull();
});

test('after a failure the form stays in the place of what others decided', () => {
  const known = { ...page, currentDecision: mine, changedTs: at(5) };
  expect(resolveShownDecision({ failure: new Error('late') }, known).decided).toBeNull();
});
