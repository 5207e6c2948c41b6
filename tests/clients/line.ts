// A line to the hub that can be cut, as networks do.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Hub } from './hub';

export async function openLine(hub: Hub) {
  const ends = new Set<Socket>();
  const { hostname, port } = new URL(hub.url);
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      ends.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    graphql: `http://127.0.0.1:${own}/graphql`,
    socket: `ws://127.0.0.1:${own}/graphql`,
    /** Ends every connection without a word; the next one is put through again. */
    cut: () => ends.forEach((end) => end.destroy()),
    close: async () => {
      ends.forEach((end) => end.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
