import { createServer } from 'node:http';
import { messageOf } from '#lib/errors.ts';
import { serveApi } from '#scripts/supervisor/server/serve-api.ts';

/** The JSON API of the served console in a process of its own, on DATABASE_URL; it sends its port to its parent. */
const server = createServer((incoming, outgoing) => {
  serveApi(incoming, outgoing, undefined).then(
    (isServed) => isServed || outgoing.writeHead(404).end(),
    (error: unknown) => {
      process.stderr.write(`${messageOf(error)}\n`);
      outgoing.destroy();
    },
  );
});
server.listen(0, '127.0.0.1', () => process.send?.({ ready: server.address() }));
process.on('disconnect', () => process.exit());
