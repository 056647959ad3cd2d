import { Card } from '#app/_ui/card.tsx';
import type { TimelineEvent } from '#lib/orders/timeline-event.ts';
import { traceRoute } from '#lib/orders/trace-route.ts';
import { RouteReplay } from './route-replay.tsx';

export const picture = { width: 560, height: 240, padding: 20 };

/** The way of the driver, to be gone over again; nothing before the pick-up. */
export function Drive({ events, timeZone }: { events: TimelineEvent[]; timeZone: string | undefined }) {
  if (!events.some(({ type }) => type === 'driver_picked_up')) return null;
  const route = traceRoute(events, picture);
  return (
    <Card title="Drive" aside={route && <span className="text-12 text-ink-3">{route.km.toFixed(1)} km</span>}>
      {route ? (
        <RouteReplay route={route} timeZone={timeZone} />
      ) : (
        <p className="text-13 text-ink-2">Neither a planned way nor the driver’s places were reported.</p>
      )}
    </Card>
  );
}
