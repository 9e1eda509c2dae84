import { abortedError, MilvusError, messageOf } from '../milvus-error.js';
import type { LitePlace } from './lite-state.js';
import {
  joinServer,
  type MilvusLiteOptions,
  type MilvusLiteServer,
  preparedPlace,
  startServer,
} from './milvus-lite.js';

/** Milliseconds that a server must have run for the next one to be started at once. */
const SHORT_LIFE = 10_000;
/** Milliseconds before the next start after a short life; they double with each further one. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** Keeps a folder's Milvus Lite running for one connection: restarts it after a crash, or follows another's restart. */
export class LiteSupervisor {
  /** Absolute, because the working folder may change before a restart. */
  readonly #place: LitePlace;
  readonly #options: MilvusLiteOptions;
  #server: MilvusLiteServer;
  #began = Date.now();
  #shortLives = 0;
  #nextStart = 0;
  #restart: Promise<void> | undefined;
  /** How the last server ended. */
  #death: MilvusError | undefined;
  #trouble: MilvusError | undefined;
  #stopping: Promise<void> | undefined;
  #onRestart: (address: string) => void = () => {};

  private constructor(place: LitePlace, options: MilvusLiteOptions, server: MilvusLiteServer) {
    this.#place = place;
    const { signal: _onlyForTheFirst, ...others } = options;
    this.#options = others;
    this.#server = server;
    this.#watch(server);
  }

  /** Starts the server or joins a running one; throws what `startMilvusLite` throws. */
  static async start(folder: string, options: MilvusLiteOptions): Promise<LiteSupervisor> {
    const place = await preparedPlace(folder, options);
    return new LiteSupervisor(place, options, await startServer(place, options));
  }

  /** `127.0.0.1:port`, which may change with a restart. */
  get address(): string {
    return this.#server.address;
  }

  /** Why the server is gone, unless it runs or starts. */
  get trouble(): MilvusError | undefined {
    return this.#trouble;
  }

  /** Sets what is called after each restart with the address, before {@link LiteSupervisor.ready} resolves. */
  onRestart(listener: (address: string) => void): void {
    this.#onRestart = listener;
  }

  /** Resolves after a restart that is under way, and begins one if the server is gone; {@link trouble} says if it failed. */
  async ready(signal?: AbortSignal): Promise<void> {
    if (this.#restart === undefined && this.#trouble !== undefined && this.#stopping === undefined)
      this.#begin();
    const restart = this.#restart;
    if (restart === undefined) return;
    if (signal === undefined) return await restart;
    let abort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(abortedError(signal, `waiting for Milvus Lite on ${this.#place.shown}`));
      signal.addEventListener('abort', abort, { once: true });
    });
    try {
      await Promise.race([restart, aborted]);
    } finally {
      signal.removeEventListener('abort', abort!);
    }
  }

  /** Ends this use of the server. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    // A server that is starting would outlive this.
    await this.#restart;
    await this.#server.stop();
  }

  #watch(server: MilvusLiteServer): void {
    // `ended` never rejects.
    void server.ended.then((death) => {
      if (death === undefined || this.#stopping !== undefined) return;
      this.#shortLives = Date.now() - this.#began < SHORT_LIFE ? this.#shortLives + 1 : 0;
      const pause = this.#shortLives <= 1 ? 0 : FIRST_PAUSE * 2 ** (this.#shortLives - 2);
      this.#nextStart = Date.now() + Math.min(LONGEST_PAUSE, pause);
      this.#death = death;
      this.#trouble = death;
      this.#begin();
    });
  }

  #begin(): void {
    this.#restart = this.#follow(this.#death!).finally(() => {
      this.#restart = undefined;
    });
  }

  /** Never rejects. */
  async #follow(death: MilvusError): Promise<void> {
    try {
      const server = await this.#another(death);
      if (server === undefined) return;
      this.#server = server;
      this.#began = Date.now();
      this.#onRestart(server.address);
      this.#trouble = undefined;
      this.#watch(server);
    } catch (error) {
      this.#nextStart = Date.now() + FIRST_PAUSE;
      this.#trouble = new MilvusError(
        MilvusError.isInstance(error) ? error.code : 'server',
        `${death.summary}; starting it again failed: ${summaryOf(error)}`,
        { cause: error, remedy: MilvusError.isInstance(error) ? error.remedy : undefined, retriable: true },
      );
    }
  }

  /** A server that runs now, or a new one; `undefined` while it is too early for a new one, or one was asked to end. */
  async #another(death: MilvusError): Promise<MilvusLiteServer | undefined> {
    const running = await joinServer(this.#place, this.#options);
    if (running !== undefined) return running;
    // Whoever asked the server to end does not want it back, but may start another one.
    if (!death.retriable) return undefined;
    return Date.now() < this.#nextStart ? undefined : await startServer(this.#place, this.#options);
  }
}

function summaryOf(error: unknown): string {
  return MilvusError.isInstance(error) ? error.summary : messageOf(error);
}
