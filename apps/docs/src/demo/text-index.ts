import type { EmbeddingMatrix, Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';

/** A text that was found. */
interface Found {
  /** Its place among the texts. */
  readonly index: number;
  readonly text: string;
  /** Cosine of the angle between its vector and the query's. */
  readonly score: number;
}

/** What a search gave, and how long it took. */
export interface Ranking {
  readonly found: readonly Found[];
  readonly milliseconds: number;
}

/** Texts with their vectors, ranked one by one: for some thousands nothing cleverer is needed. */
export class TextIndex {
  readonly texts: readonly string[];
  /** Milliseconds that embedding all texts took. */
  readonly milliseconds: number;
  readonly matrix: EmbeddingMatrix;
  /** The score of every text for the latest query. */
  readonly scores: Float32Array;
  readonly #embedder: Model2VecEmbeddingFunction;

  private constructor(
    texts: readonly string[],
    matrix: EmbeddingMatrix,
    milliseconds: number,
    embedder: Model2VecEmbeddingFunction,
  ) {
    this.texts = texts;
    this.matrix = matrix;
    this.milliseconds = milliseconds;
    this.scores = new Float32Array(texts.length);
    this.#embedder = embedder;
  }

  /** Embeds texts. */
  static async of(
    embedder: Model2VecEmbeddingFunction,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<TextIndex> {
    const begun = performance.now();
    const matrix = await embedder.encode(texts, { normalize: true, signal });
    signal.throwIfAborted();
    return new TextIndex(texts, matrix, performance.now() - begun, embedder);
  }

  /** Embeds a query and ranks every text; at most `count` of them are given, the best first. */
  search(query: string, count: number): Ranking {
    const begun = performance.now();
    const vector = this.#embedder.encodeSync([query], { normalize: true }).row(0);
    const { data, dim } = this.matrix;
    const { scores } = this;
    for (let i = 0, at = 0; i < scores.length; i++) {
      let sum = 0;
      for (let j = 0; j < dim; j++) sum += data[at++]! * vector[j]!;
      scores[i] = sum;
    }
    const best = highest(scores, count);
    const milliseconds = performance.now() - begun;
    return {
      found: best.map((index) => ({ index, text: this.texts[index]!, score: scores[index]! })),
      milliseconds,
    };
  }
}

/** Places of the highest values above zero, the highest first. */
function highest(values: Float32Array, count: number): readonly number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value <= 0 || (best.length === count && value <= values[best[count - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && values[best[at - 1]!]! < value) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  }
  return best;
}
