'use client';

import { useState } from 'react';
import { formatClock, formatDuration } from '#app/_ui/format.ts';
import type { Route } from '#lib/orders/index.ts';
import { pointAt, shareAt } from '#lib/orders/walk-route.ts';

type RouteReplayProps = { route: Route; timeZone: string | undefined };

/** The route as a line from the kitchen to the door, and a slider that moves the driver along it. */
export function RouteReplay({ route, timeZone }: RouteReplayProps) {
  const { path, milestones } = route;
  const from = milestones[0]?.at ?? 0;
  const to = milestones.at(-1)?.at ?? from;
  const [at, setAt] = useState(to);
  const share = shareAt(milestones, at);
  const description = describeMoment({ at, from, share, timeZone });
  return (
    <div className="flex flex-col gap-3">
      <RoutePicture path={path} share={share} label={describeRoute(route, from, to)} />
      <Legend />
      <label className="flex flex-col gap-1.5 text-12 text-ink-2">
        <span className="numeric">{description}</span>
        <input
          type="range"
          min={from}
          max={to}
          step={1000}
          value={at}
          aria-label="Time of the drive"
          aria-valuetext={description}
          onChange={(change) => setAt(Number(change.target.value))}
          className="h-6 w-full accent-accent"
        />
      </label>
    </div>
  );
}

type PicturePoint = Route['path'][number];
type RoutePictureProps = { path: PicturePoint[]; share: number; label: string };

function RoutePicture({ path, share, label }: RoutePictureProps) {
  const [kitchen, door] = [pointAt(path, 0), pointAt(path, 1)];
  const [x, y] = pointAt(path, share);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 560 240"
      className="w-full rounded-8 bg-sunken"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <polyline points={path.join(' ')} strokeWidth="3" className="stroke-line-strong" />
      <polyline
        points={path.join(' ')}
        pathLength={1}
        strokeDasharray={`${share} 1`}
        strokeLinecap="butt"
        strokeWidth="3"
        className="stroke-accent"
      />
      <Kitchen at={kitchen} />
      <Door at={door} />
      <circle cx={x} cy={y} r="7" strokeWidth="3" className="fill-accent stroke-surface" />
    </svg>
  );
}

function Kitchen({ at: [x, y] }: { at: PicturePoint }) {
  return <rect x={x - 6} y={y - 6} width="12" height="12" rx="2" className="fill-ink stroke-none" />;
}

function Door({ at: [x, y] }: { at: PicturePoint }) {
  return <circle cx={x} cy={y} r="6" strokeWidth="3" className="fill-surface stroke-ink" />;
}

/** The marks of the picture; the picture's own label says the same. */
function Legend() {
  return (
    <p aria-hidden className="flex gap-4 text-12 text-ink-2">
      <span className="flex items-center gap-1.5">
        <span className="size-2.5 rounded-4 bg-ink" /> Kitchen
      </span>
      <span className="flex items-center gap-1.5">
        <span className="size-2.5 rounded-full border-2 border-ink bg-surface" /> Door
      </span>
      <span className="flex items-center gap-1.5">
        <span className="size-2.5 rounded-full bg-accent" /> Driver
      </span>
    </p>
  );
}

type Moment = { at: number; from: number; share: number; timeZone: string | undefined };

function describeMoment({ at, from, share, timeZone }: Moment): string {
  const clock = formatClock(new Date(at).toISOString(), timeZone);
  return `${clock} · ${Math.round(share * 100)} % of the way, ${formatDuration((at - from) / 1000)} after the pick-up`;
}

function describeRoute({ km, delivered, milestones }: Route, from: number, to: number): string {
  const span = formatDuration((to - from) / 1000);
  if (delivered) return `The drive from the kitchen to the door: ${km} km in ${span}`;
  const done = Math.round((milestones.at(-1)?.share ?? 0) * 100);
  return `The drive from the kitchen to the door: ${km} km, ${done} % of it done after ${span}`;
}
