/** Distinct tokens and their ids, as the model of `tokenizer.json` lists them. */
export class Vocabulary {
  readonly #ids: ReadonlyMap<string, number>;
  #tokens: Map<number, string> | undefined;

  constructor(ids: ReadonlyMap<string, number>) {
    this.#ids = ids;
  }

  get size(): number {
    return this.#ids.size;
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** Of several tokens with the same id, the last; the reference takes any. */
  tokenOf(id: number): string | undefined {
    // Most programs never ask, and for half a million tokens the reverse costs as much memory as the vocabulary.
    if (this.#tokens === undefined) {
      this.#tokens = new Map();
      for (const [token, tokenId] of this.#ids) this.#tokens.set(tokenId, token);
    }
    return this.#tokens.get(id);
  }

  entries(): IterableIterator<[token: string, id: number]> {
    return this.#ids.entries();
  }
}
