import { isDeepStrictEqual } from 'node:util';
import type { EmbeddingFunction } from '@model2vec-ts/search';
import { withRetries } from '../connection/back-off.js';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import { abortedError, MilvusError } from '../milvus-error.js';
import { identityOf, identityValueOf, requireSameModel } from './collection-identity.js';
import {
  type CollectionSchema,
  type DescribedCollection,
  incarnationOf,
  parseSchema,
} from './collection-schema.js';
import { DESCRIBE_RETRY, describeCollection } from './collection-setup.js';

/** What {@link CollectionGuard} protects. */
export interface GuardedCollection {
  readonly name: string;
  readonly embedder: EmbeddingFunction;
  readonly schema: CollectionSchema;
  /** Whether vectors of another model are accepted. */
  readonly force: boolean;
}

/** How long a caller waits for a check. */
export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds during which the check is repeated while the server does not answer. */
  readonly retryFor?: number | undefined;
}

/**
 * Notices that an open collection was replaced by another one of the same name, or that its alias was moved, because
 * writing to it would mix models. A replacement with the same model and the same fields is accepted.
 */
export class CollectionGuard {
  readonly #connection: MilvusConnection;
  readonly #collection: GuardedCollection;
  /** The collection that was last found to fit. */
  #accepted: Distinction;
  /** The check that has been sent. */
  #current: Promise<void> | undefined;
  /** The check that is sent when the current one has ended. */
  #next: Promise<void> | undefined;

  constructor(connection: MilvusConnection, collection: GuardedCollection, answer: DescribedCollection) {
    this.#connection = connection;
    this.#collection = collection;
    this.#accepted = distinction(answer);
  }

  /**
   * Makes one call, which starts after this one and is shared by all that wait for it, because Milvus Lite answers one
   * call at a time. Embeds the few texts of the identity only after a change.
   *
   * @throws {@link MilvusError}: `not-found` after the collection was dropped, `mismatch` after it was replaced
   */
  async verify({ signal, retryFor = DESCRIBE_RETRY }: VerifyOptions = {}): Promise<void> {
    await withRetries(
      async () => {
        this.#next ??= this.#checkNext();
        await unlessAborted(this.#next, signal, `checking collection ${this.#collection.name}`);
      },
      (error) => MilvusError.isInstance(error) && error.retriable,
      { retryFor, ...(signal ? { signal } : {}) },
    );
  }

  async #checkNext(): Promise<void> {
    await this.#current?.catch(() => undefined);
    this.#current = this.#next;
    this.#next = undefined;
    await this.#check();
  }

  async #check(): Promise<void> {
    const { name, embedder, force } = this.#collection;
    const answer = await describeCollection(this.#connection.channel, name, 0);
    const found = distinction(answer);
    if (isDeepStrictEqual(found, this.#accepted)) return;
    if (!isDeepStrictEqual(parseSchema(answer, name), this.#collection.schema)) {
      throw new MilvusError(
        'mismatch',
        `collection ${name} was replaced by one with other fields while it was open`,
        {
          remedy: { code: 'reopen-collection', collection: name },
        },
      );
    }
    const identity = identityOf(answer.properties ?? [], name);
    if (!force) {
      if (identity === undefined) {
        throw new MilvusError(
          'mismatch',
          `collection ${name} was replaced by one of another program while it was open`,
          {
            remedy: { code: 'reopen-collection', collection: name },
          },
        );
      }
      await requireSameModel(identity, embedder, name);
    }
    this.#accepted = found;
  }
}

/** Waits for a call that others wait for too, so that a signal ends only the waiting. */
async function unlessAborted(
  call: Promise<void>,
  signal: AbortSignal | undefined,
  what: string,
): Promise<void> {
  if (signal === undefined) return await call;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortedError(signal, what));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([call, aborted]);
  } finally {
    signal.removeEventListener('abort', stop!);
  }
}

/** What differs between collections that have the same name one after the other. */
type Distinction = string | readonly unknown[];

/** Milvus Lite has no ids of collections, so their fields and models are compared. */
function distinction(answer: DescribedCollection): Distinction {
  const { schema, properties = [] } = answer;
  return incarnationOf(answer) ?? [schema, identityValueOf(properties)];
}
