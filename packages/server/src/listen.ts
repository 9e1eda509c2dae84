import { createServer, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { EmbeddingServer } from './embedding-server.js';
import { ServerError } from './server-error.js';

/** Where and how to listen. */
export interface ListenOptions {
  /**
   * Address to listen on; `0.0.0.0` for all addresses of the machine.
   * @defaultValue `127.0.0.1`: this machine only
   */
  readonly host?: string;
  /**
   * Port; 0 for a free one.
   * @defaultValue 8080
   */
  readonly port?: number;
  /**
   * Time limit in milliseconds for a client to send a request, head and body; then the status is 408.
   * @defaultValue 30,000
   */
  readonly receiveTimeoutMs?: number;
  /**
   * Milliseconds after which an idle connection is closed. Choose more than the load balancer's idle timeout, or it may
   * send a request on a connection that is closing.
   * @defaultValue 75,000
   */
  readonly idleTimeoutMs?: number;
}

/** A listening server. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** Address with host and port, without a trailing slash. */
  readonly url: string;
  /**
   * Stops the server: health checks fail, new connections are refused, and requests on open connections are answered
   * until each connection has been idle for two seconds. The connections that then remain are cut at the timeout.
   */
  close(options?: {
    /** Milliseconds after which remaining connections are cut. @defaultValue 10,000 */
    readonly timeoutMs?: number;
  }): Promise<void>;
}

/** Idle milliseconds after which a connection is closed during shutdown; a busy client may be about to send a request. */
const LINGER_MS = 2000;
/** How often the connections are looked at during shutdown. */
const LOOK_MS = 250;
/** Limit on the head of a request: Node's own default. */
const HEADER_BYTES = 16 * 1024;
/** How often Node checks for clients that send too slowly. */
const CHECK_MS = 1000;

/**
 * Serves an embedding server over HTTP/1.1.
 *
 * @throws {@link ServerError} `cannot-listen`, with the system's error as its cause
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { createEmbeddingServer } from '@model2vec-ts/server';
 * import { listen } from '@model2vec-ts/server/node';
 *
 * const embedder = await Model2VecEmbeddingFunction.create();
 * const running = await listen(createEmbeddingServer({ models: [{ name: 'potion', embedder }] }), { port: 8080 });
 * process.once('SIGTERM', () => void running.close());
 * console.log(running.url);
 * ```
 */
export async function listen(server: EmbeddingServer, options: ListenOptions = {}): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 8080, receiveTimeoutMs = 30_000, idleTimeoutMs = 75_000 } = options;
  const http: Server = createServer(
    {
      headersTimeout: Math.min(receiveTimeoutMs, 10_000),
      requestTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: idleTimeoutMs,
      maxHeaderSize: HEADER_BYTES,
      noDelay: true,
    },
    getRequestListener(async (request) => connections.mark(await server.fetch(request))),
  );
  const connections: Connections = new Connections(http);
  await started(http, host, port);
  // With `port: 0` the system chose the port. A server on a host has an address object, not a path.
  const address = http.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    host: address.address,
    port: address.port,
    url: `http://${name}:${address.port}`,
    close: async ({ timeoutMs = 10_000 } = {}) => {
      server.startShutdown();
      await connections.close(timeoutMs);
    },
  };
}

function started(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'the port is in use; choose another' : cause.message;
      reject(new ServerError('cannot-listen', `cannot listen on ${host}:${port}: ${reason}`, { cause }));
    });
    http.listen(port, host, resolve);
  });
}

/** Closes connections without losing requests in transit. */
class Connections {
  readonly #http: Server;
  readonly #open: Map<Socket, ConnectionState> = new Map();
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(http: Server) {
    this.#http = http;
    http.on('connection', (socket) => {
      this.#open.set(socket, { requests: 0, bytesRead: 0, idleSince: performance.now() });
      socket.once('close', () => this.#open.delete(socket));
    });
    http.on('request', ({ socket }, response) => {
      const state = this.#open.get(socket);
      if (state === undefined) return;
      state.requests++;
      response.once('close', () => {
        state.requests--;
        state.bytesRead = socket.bytesRead;
        state.idleSince = performance.now();
      });
    });
  }

  /** Once the server is closing, tells the client not to reuse its connection. */
  mark(response: Response): Response {
    if (this.#isClosing) response.headers.set('connection', 'close');
    return response;
  }

  close(timeoutMs: number): Promise<void> {
    this.#closed ??= this.#close(timeoutMs);
    return this.#closed;
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#isClosing = true;
    await afterPoll();
    const closed = new Promise<void>((resolve) => {
      // Node's own close would cut idle connections at once, although a client may just have sent a request on one.
      NetServer.prototype.close.call(this.#http, () => resolve());
    });
    this.#endIdle();
    const linger = setInterval(async () => {
      await afterPoll();
      this.#endIdle();
    }, LOOK_MS);
    const cut = setTimeout(() => {
      for (const socket of this.#open.keys()) socket.destroy();
    }, timeoutMs);
    await closed;
    clearInterval(linger);
    clearTimeout(cut);
  }

  /** Ends the connections that have been idle long enough. */
  #endIdle(): void {
    const now = performance.now();
    for (const [socket, state] of this.#open) {
      // A request whose head is incomplete shows only in the bytes read.
      if (socket.bytesRead !== state.bytesRead) state.idleSince = now;
      state.bytesRead = socket.bytesRead;
      if (state.requests === 0 && now - state.idleSince >= LINGER_MS) socket.destroy();
    }
  }
}

/** What a connection is doing. */
interface ConnectionState {
  /** Requests that are not answered yet. */
  requests: number;
  /** Bytes read when the last answer ended or the connection was last looked at. */
  bytesRead: number;
  /** When the last answer ended, or bytes were first seen after that, in milliseconds of `performance.now()`. */
  idleSince: number;
}

/** Resolves after the event loop has read pending input, which it does between timers and immediates. */
function afterPoll(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setTimeout(() => setImmediate(resolve), 0)));
}
