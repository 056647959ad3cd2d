import { Card } from '#app/_ui/card.tsx';
import { type TimelineEvent, traceRoute } from '#lib/orders/index.ts';
import { Address } from './address.tsx';
import { RouteReplay } from './route-replay.tsx';

const picture = { width: 560, height: 240, padding: 20 };

type DriveProps = {
  orderId: string;
  events: TimelineEvent[];
  timeZone: string | undefined;
  /** Whether the length is shown to a tenth of a kilometre, from which the address could be worked out. */
  exact: boolean;
};

/** The driver's route, for replay; nothing before the pick-up. */
export function Drive({ orderId, events, timeZone, exact }: DriveProps) {
  if (!events.some(({ type }) => type === 'driver_picked_up')) return null;
  const traced = traceRoute(events, picture);
  const route = traced && { ...traced, km: Number(traced.km.toFixed(exact ? 1 : 0)) };
  return (
    <Card title="Drive" aside={route && <span className="text-12 text-ink-3">{route.km} km</span>}>
      <div className="flex flex-col gap-3">
        {route ? (
          <RouteReplay route={route} timeZone={timeZone} />
        ) : (
          <p className="text-13 text-ink-2">Neither a planned way nor the driver’s places were reported.</p>
        )}
        <Address orderId={orderId} />
      </div>
    </Card>
  );
}
