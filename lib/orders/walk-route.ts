import type { Milestone, PicturePoint } from './trace-route.ts';

/** The share of the route (0 to 1) covered at `at` (milliseconds), interpolated between its milestones. */
export function shareAt(milestones: readonly Milestone[], at: number): number {
  const after = milestones.findIndex((milestone) => milestone.at > at);
  const to = milestones[after];
  const from = milestones[after - 1];
  if (!to) return milestones.at(-1)?.share ?? 0;
  if (!from) return to.share;
  return from.share + ((to.share - from.share) * (at - from.at)) / (to.at - from.at);
}

/** The point of a path at a share (0 to 1) of its length. */
export function pointAt(path: readonly PicturePoint[], share: number): PicturePoint {
  const steps = path.slice(1).map((point, index) => distance(path[index] ?? point, point));
  let left = steps.reduce((sum, step) => sum + step, 0) * share;
  for (const [index, step] of steps.entries()) {
    const from = path[index];
    const to = path[index + 1];
    if (from && to && left <= step) return between(from, to, step === 0 ? 0 : left / step);
    left -= step;
  }
  return path.at(-1) ?? [0, 0];
}

function distance(from: PicturePoint, to: PicturePoint): number {
  return Math.hypot(to[0] - from[0], to[1] - from[1]);
}

function between([x, y]: PicturePoint, to: PicturePoint, share: number): PicturePoint {
  return [x + (to[0] - x) * share, y + (to[1] - y) * share];
}
