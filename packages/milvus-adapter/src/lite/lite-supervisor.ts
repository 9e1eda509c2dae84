import { abortedError, MilvusError } from '../milvus-error.js';
import { type MilvusLiteOptions, type MilvusLiteServer, startMilvusLite } from './milvus-lite.js';

/** A server that lives shorter than this, in milliseconds, has died of the same thing as the one before. */
const SHORT_LIFE = 10_000;
/** Short lives in a row after which starting it again is pointless. */
const HOPELESS = 3;

/** A Milvus Lite that is started again when it dies, at the same address. */
export class LiteSupervisor {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly #folder: string;
  readonly #options: MilvusLiteOptions;
  #server: MilvusLiteServer;
  #began = Date.now();
  #shortLives = 0;
  #restart: Promise<void> | undefined;
  #trouble: MilvusError | undefined;
  #stopping: Promise<void> | undefined;

  private constructor(folder: string, options: MilvusLiteOptions, server: MilvusLiteServer) {
    this.address = server.address;
    this.#folder = folder;
    const { signal: _onlyForTheFirst, ...others } = options;
    this.#options = others;
    this.#server = server;
    this.#watch(server);
  }

  /** Starts it, or joins the one that runs; throws what {@link startMilvusLite} throws. */
  static async start(folder: string, options: MilvusLiteOptions): Promise<LiteSupervisor> {
    return new LiteSupervisor(folder, options, await startMilvusLite(folder, options));
  }

  /** Why it is gone for good, if it is. */
  get trouble(): MilvusError | undefined {
    return this.#trouble;
  }

  /** Resolves when no restart is under way, whether it went well or not. */
  async ready(signal?: AbortSignal): Promise<void> {
    if (this.#restart === undefined) return;
    if (signal === undefined) return await this.#restart;
    let abort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(abortedError(signal, `waiting for Milvus Lite on ${this.#folder}`));
      signal.addEventListener('abort', abort, { once: true });
    });
    try {
      await Promise.race([this.#restart, aborted]);
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
    // One that is starting would outlive this.
    await this.#restart;
    await this.#server.stop();
  }

  #watch(server: MilvusLiteServer): void {
    // `ended` never rejects.
    void server.ended.then((death) => {
      if (death === undefined || this.#stopping !== undefined) return;
      // Whoever asked for its end does not want it back.
      if (!death.retriable) {
        this.#trouble = death;
        return;
      }
      this.#restart = this.#startAgain(death).finally(() => {
        this.#restart = undefined;
      });
    });
  }

  /** Never rejects. */
  async #startAgain(death: MilvusError): Promise<void> {
    this.#shortLives = Date.now() - this.#began < SHORT_LIFE ? this.#shortLives + 1 : 0;
    if (this.#shortLives > HOPELESS) {
      const often = `${death.message}; it was started again ${HOPELESS} times`;
      this.#trouble = new MilvusError(death.code, often, { cause: death });
      return;
    }
    try {
      this.#server = await startMilvusLite(this.#folder, this.#options);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#trouble = new MilvusError(
        MilvusError.isInstance(error) ? error.code : 'server',
        `${death.message}; it could not be started again: ${cause}`,
        { cause: error },
      );
      return;
    }
    this.#began = Date.now();
    if (this.#server.address === this.address) {
      this.#watch(this.#server);
      return;
    }
    this.#trouble = new MilvusError(
      'unreachable',
      `${death.message}; it runs again, but at ${this.#server.address}, since another program has taken its port: connect again`,
      { cause: death },
    );
  }
}
