import { messageOf } from '#lib/errors.ts';
import { GRACE_MS } from './grace.ts';
import type { StartContext } from './start-context.ts';

/** Stops what runs in the background, then leaves the database; at a second request it waits for nobody. */
export async function shutDown({ services, server, screen, stop }: StartContext): Promise<void> {
  if (services.length === 0 && !server) return;
  const step = screen.step('Stopping');
  const kill = () => {
    for (const service of services) service.kill();
  };
  stop.atOnce.addEventListener('abort', kill);
  await Promise.all(services.map((service) => service.stop(GRACE_MS)));
  try {
    await server?.release();
    step.done();
  } catch (error) {
    step.fail();
    screen.warn(messageOf(error));
  }
}
