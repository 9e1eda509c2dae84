import { createServer, type Server } from 'node:net';

/**
 * Free ports on 127.0.0.1. They are below the range of outgoing connections, so that none is taken before the server
 * listens.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  while (ports.length < count) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      // On every address, as Milvus listens.
      server.listen(port, () => resolve(true));
    });
    if (!free) continue;
    held.push(server);
    ports.push(port);
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
