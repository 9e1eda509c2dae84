import { bertWords } from '@model2vec-ts/tokenizer/bert-words';
import { ByteReader } from '../format/byte-reader.js';
import type { Manifest } from '../format/manifest.js';
import { shardOf } from '../format/shard-starts.js';
import type { ShardStore } from './shard-store.js';

/** Words of a query that are embedded, at most, so that a pasted page does not load the whole vocabulary. */
const MOST_WORDS = 64;

/** A token of a query. */
export interface QueryToken {
  readonly token: string;
  /** Its row of the embedding table. */
  readonly row: Int8Array;
}

/** Splits queries by WordPiece and adds up the rows of their tokens; loads only the shards that a query needs. */
export class QueryEmbedder {
  readonly #store: ShardStore;
  readonly #manifest: Manifest;

  constructor(store: ShardStore, manifest: Manifest) {
    this.#store = store;
    this.#manifest = manifest;
  }

  /** Returns the vector of a query with length 1, or `undefined` if the model knows none of its tokens. */
  async embed(query: string): Promise<Float32Array | undefined> {
    const sum = new Float32Array(this.#manifest.dim);
    for (const { row } of await this.tokens(query)) {
      for (let i = 0; i < sum.length; i++) sum[i]! += row[i]!;
    }
    const length = Math.sqrt(sum.reduce((square, value) => square + value * value, 0));
    return length === 0 ? undefined : sum.map((value) => value / length);
  }

  /** Returns the tokens of a query, without unknown ones. */
  async tokens(query: string): Promise<QueryToken[]> {
    const words = bertWords(query, this.#manifest.tokenizer.normalizer).slice(0, MOST_WORDS);
    return (await Promise.all(words.map((word) => this.#tokensOfWord(word)))).flat();
  }

  async #tokensOfWord(word: string): Promise<QueryToken[]> {
    const { continuingSubwordPrefix, maxCharactersPerWord } = this.#manifest.tokenizer;
    if ([...word].length > maxCharactersPerWord) return [];
    const tokens: QueryToken[] = [];
    let prefix = '';
    for (let start = 0; start < word.length; prefix = continuingSubwordPrefix) {
      const token = await this.#longest(prefix + word.slice(start), prefix.length);
      // A word that tokens do not cover to its end is one unknown token.
      if (token === undefined) return [];
      tokens.push(token);
      start += token.token.length - prefix.length;
    }
    return tokens;
  }

  /** Returns the longest token that `key` begins with, longer than `above`. */
  async #longest(key: string, above: number): Promise<QueryToken | undefined> {
    const { folder, tokens, dim } = this.#manifest;
    const shard = await this.#store.shard(`${folder}/tokens${shardOf(tokens, key)}.bin`, (bytes) =>
      parseTokens(bytes, dim),
    );
    for (let length = key.length; length > above; length--) {
      const token = key.slice(0, length);
      const row = shard.get(token);
      if (row !== undefined) return { token, row };
    }
    return undefined;
  }
}

function parseTokens(bytes: Uint8Array, dim: number): ReadonlyMap<string, Int8Array> {
  const reader = new ByteReader(bytes);
  const keys = Array.from({ length: reader.varint() }, () => reader.key());
  return new Map(
    keys.map((key) => {
      const row = reader.bytes(dim);
      return [key, new Int8Array(row.buffer, row.byteOffset, dim)];
    }),
  );
}
