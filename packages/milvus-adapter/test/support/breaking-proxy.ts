import { type AddressInfo, connect, createServer } from 'node:net';

/** A proxy between client and server that drops the server's answers. */
export interface BreakingProxy {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Number of broken connections. */
  readonly broken: number;
  close(): Promise<void>;
}

const FRAME_HEADER = 9;
const HEADERS = 1;
const END_STREAM = 1;

/** Whether HTTP/2 frames contain the trailers that end gRPC's answer (RFC 9113, section 4.1). */
function endsStream(frames: Buffer): boolean {
  for (let at = 0; at + FRAME_HEADER <= frames.length; at += FRAME_HEADER + frames.readUIntBE(at, 3)) {
    if (frames[at + 3] === HEADERS && (frames[at + 4]! & END_STREAM) !== 0) return true;
  }
  return false;
}

/**
 * Forwards everything, except that the first request containing `marker` gets no answer: the server processes it, and
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
      let answer = Buffer.alloc(0);
      far.removeAllListeners('data').on('data', (part) => {
        answer = Buffer.concat([answer, part]);
        // A server cancels the request of a connection that breaks before its answer.
        if (endsStream(answer)) end();
      });
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
