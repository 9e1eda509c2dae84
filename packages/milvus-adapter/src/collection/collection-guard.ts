import { isDeepStrictEqual } from 'node:util';
import type { EmbeddingFunction } from '@model2vec-ts/search';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import { MilvusError } from '../milvus-error.js';
import { identityOf, identityValueOf, requireSameModel } from './collection-identity.js';
import {
  type CollectionSchema,
  type DescribedCollection,
  incarnationOf,
  parseSchema,
} from './collection-schema.js';
import { describeCollection } from './collection-setup.js';

/** What {@link CollectionGuard} protects. */
export interface GuardedCollection {
  readonly name: string;
  readonly embedder: EmbeddingFunction;
  readonly schema: CollectionSchema;
  /** Whether vectors of another model are accepted. */
  readonly force: boolean;
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

  constructor(connection: MilvusConnection, collection: GuardedCollection, answer: DescribedCollection) {
    this.#connection = connection;
    this.#collection = collection;
    this.#accepted = distinction(answer);
  }

  /**
   * Makes one call, and embeds the few texts of the identity only after a change.
   *
   * @throws {@link MilvusError}: `not-found` after the collection was dropped, `mismatch` after it was replaced
   */
  async verify(signal?: AbortSignal): Promise<void> {
    const { name, embedder, force } = this.#collection;
    const answer = await describeCollection(this.#connection.channel, name, signal);
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

/** What differs between collections that have the same name one after the other. */
type Distinction = string | readonly unknown[];

/** Milvus Lite has no ids of collections, so their fields and models are compared. */
function distinction(answer: DescribedCollection): Distinction {
  const { schema, properties = [] } = answer;
  return incarnationOf(answer) ?? [schema, identityValueOf(properties)];
}
