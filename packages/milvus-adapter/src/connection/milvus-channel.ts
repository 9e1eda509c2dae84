import {
  type CallOptions as GrpcCallOptions,
  InterceptingCall,
  type InterceptorOptions,
  type NextCall,
  type ServiceError,
} from '@grpc/grpc-js';
import type { MilvusClient } from '@zilliz/milvus2-sdk-node';
import { abortedError, MilvusError } from '../milvus-error.js';
import { withRetries } from './back-off.js';
import { grpcError, type ServerStatus, statusError } from './server-status.js';
import { inTurn } from './write-turns.js';

/** How one call is made. */
export interface CallOptions {
  /** What the call does, as an error's message begins. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the answer; the channel's, unless given. */
  readonly timeout?: number | undefined;
  /**
   * Milliseconds during which a retriable failure is tried again.
   *
   * @defaultValue 0
   */
  readonly retryFor?: number | undefined;
  /** Which failures are tried again; those that say so, unless given. */
  readonly isRetriable?: (error: MilvusError) => boolean;
}

/** Starts a server again that dies. */
export interface ServerSupervisor {
  /** Why it is gone for good, if it is. */
  readonly trouble: MilvusError | undefined;
  /** Resolves when no restart is under way. */
  ready(signal?: AbortSignal): Promise<void>;
}

/** What a channel knows of its server. */
export interface ChannelOptions {
  /** What messages call it. */
  readonly address: string;
  /** Milliseconds for an answer. */
  readonly timeout: number;
  readonly lite: boolean;
  readonly supervisor?: ServerSupervisor | undefined;
}

/** A method of Milvus' service, as @grpc/grpc-js puts it on a client. */
interface Method {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

type ServiceClient = Readonly<Record<string, Method | undefined>> & {
  makeUnaryRequest(
    path: string,
    serialize: (request: object) => Buffer,
    deserialize: (bytes: Buffer) => unknown,
    request: object,
    options: Partial<GrpcCallOptions>,
    callback: (error: ServiceError | null, reply?: unknown) => void,
  ): { cancel(): void };
};

/** The parts of the SDK's client that are used: its pool of gRPC clients, and what it sends along with each call. */
interface SdkInternals {
  readonly channelPool?: {
    acquire(): PromiseLike<ServiceClient>;
    release(client: ServiceClient): PromiseLike<void>;
  };
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Calls of Milvus' service over the SDK's own channel (its address, TLS, login and database), without the SDK's
 * interceptors: those write every request as JSON for a log that is off, turn "not implemented" into success, and
 * send again what must not be sent twice.
 */
export class MilvusChannel {
  /** What messages call the server. */
  readonly address: string;
  readonly lite: boolean;
  readonly #client: MilvusClient;
  readonly #timeout: number;
  readonly #supervisor: ServerSupervisor | undefined;
  #closed = false;

  constructor(client: MilvusClient, options: ChannelOptions) {
    this.#client = client;
    this.#supervisor = options.supervisor;
    this.address = options.address;
    this.lite = options.lite;
    this.#timeout = options.timeout;
  }

  /** Later calls reject with `closed`. */
  close(): void {
    this.#closed = true;
  }

  /**
   * One call whose answer has a status (or is one).
   *
   * @param request - the fields of the message, or its bytes
   * @throws {@link MilvusError} when the server does not answer or answers with a failure
   */
  async call<Reply>(method: string, request: object | Buffer, options: CallOptions): Promise<Reply> {
    const send = (): Promise<Reply> => this.#attempt<Reply>(method, request, options);
    const takesTurns = this.lite && WRITES.has(method);
    const attempt = takesTurns ? (): Promise<Reply> => inTurn(this.address, send) : send;
    if (!options.retryFor) return await attempt();
    const { isRetriable = () => true } = options;
    return await withRetries(
      attempt,
      (error) => MilvusError.isInstance(error) && error.retriable && isRetriable(error),
      {
        retryFor: options.retryFor,
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
  }

  async #attempt<Reply>(method: string, request: object | Buffer, options: CallOptions): Promise<Reply> {
    const { what, signal, timeout = this.#timeout } = options;
    if (this.#closed) {
      throw new MilvusError('closed', `${what}: the connection to ${this.address} was closed by close()`);
    }
    const { channelPool, metadata } = this.#client as unknown as SdkInternals;
    if (channelPool === undefined) {
      throw new MilvusError('unreachable', `${what}: the client has not connected to ${this.address} yet`);
    }
    if (signal?.aborted) throw abortedError(signal, what);
    await this.#supervisor?.ready(signal);
    const service = await channelPool.acquire();
    try {
      const reply = await this.#send(service, method, request, { what, signal, timeout, metadata });
      const error = statusError(statusOf(reply), `${what} at ${this.address}`, this.lite);
      if (error !== undefined) throw error;
      return reply as Reply;
    } catch (error) {
      const trouble = this.#supervisor?.trouble;
      if (trouble === undefined || !MilvusError.isInstance(error) || error.code !== 'unreachable')
        throw error;
      throw new MilvusError(trouble.code, `${what}: ${trouble.message}`, { cause: error });
    } finally {
      await channelPool.release(service);
    }
  }

  #send(
    service: ServiceClient,
    name: string,
    request: object | Buffer,
    call: {
      what: string;
      signal: AbortSignal | undefined;
      timeout: number;
      metadata: ReadonlyMap<string, string>;
    },
  ): Promise<unknown> {
    const { what, signal, timeout, metadata } = call;
    const method = service[name];
    if (method === undefined) {
      return Promise.reject(new MilvusError('unsupported', `${what}: the SDK has no call ${name}`));
    }
    const serialize = Buffer.isBuffer(request) ? asIs : method.requestSerialize;
    return new Promise((resolve, reject) => {
      const abort = (): void => running.cancel();
      const running = service.makeUnaryRequest(
        method.path,
        serialize as (request: object) => Buffer,
        method.responseDeserialize,
        request,
        // Interceptors of a call replace those of the client, so this one must do what those did for the login.
        { deadline: Date.now() + timeout, interceptors: [withMetadata(metadata)] },
        (error, reply) => {
          signal?.removeEventListener('abort', abort);
          if (error === null) resolve(reply ?? {});
          else if (signal?.aborted) reject(abortedError(signal, what));
          else reject(grpcError(error, what, this.address));
        },
      );
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}

/** An answer has a status or is one; in the protocol, a status that is not there is success. */
function statusOf(reply: unknown): ServerStatus {
  const { status } = reply as { status?: ServerStatus | null };
  return status === undefined ? (reply as ServerStatus) : (status ?? { code: 0 });
}

/** Calls that change what a collection holds. */
const WRITES: ReadonlySet<string> = new Set(['Insert', 'Upsert', 'Delete', 'Flush']);

/** Milliseconds since 1970, which the SDK sends with every request. */
const REQUEST_TIME = 'client-request-unixmsec';

function withMetadata(
  values: ReadonlyMap<string, string>,
): (options: InterceptorOptions, nextCall: NextCall) => InterceptingCall {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start(metadata, listener, next) {
        for (const [key, value] of values) metadata.set(key, value);
        metadata.set(REQUEST_TIME, String(Date.now()));
        next(metadata, listener);
      },
    });
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
