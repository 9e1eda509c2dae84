import { type AddressInfo, connect, createServer } from 'node:net';

/** Between a client and a server, to lose what the server answers. */
export interface BreakingProxy {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** How many connections it has broken. */
  readonly broken: number;
  close(): Promise<void>;
}

/**
 * Passes everything on, except that the first request with `marker` in it gets no answer: the server has it, and then
 * the connection breaks.
 */
export async function breakingProxy(server: string, marker: string): Promise<BreakingProxy> {
  const [host, port] = server.split(':');
  let broken = 0;
  const proxy = createServer((near) => {
    const far = connect(Number(port), host!);
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', () => {}).on('close', end);
    far.on('data', (bytes) => near.write(bytes));
    near.on('data', (bytes) => {
      far.write(bytes);
      if (broken > 0 || !bytes.includes(marker)) return;
      broken++;
      far.removeAllListeners('data').resume();
      // Time enough for the server to do what it was asked.
      setTimeout(end, 500);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get broken() {
      return broken;
    },
    close: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
}
