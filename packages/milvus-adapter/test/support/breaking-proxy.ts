import { type AddressInfo, connect, createServer } from 'node:net';

/** A proxy between client and server that drops the server's answers. */
export interface BreakingProxy {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Number of broken connections. */
  readonly broken: number;
  close(): Promise<void>;
}

/**
 * Forwards everything, except that the first request containing `marker` gets no answer: the server receives it, and
 * then the connection breaks.
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
      // Enough time for the server to process the request.
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
