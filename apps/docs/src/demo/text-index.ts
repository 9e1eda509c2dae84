import type { EmbeddingMatrix, Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';

/** A search result. */
interface Found {
  /** Index of the text. */
  readonly index: number;
  readonly text: string;
  /** Cosine of the angle between its vector and the query's. */
  readonly score: number;
}

/** Results of a search and its duration. */
export interface Ranking {
  readonly found: readonly Found[];
  readonly milliseconds: number;
}

/** Texts with their vectors. Compares all of them, which is fast enough for some thousands. */
export class TextIndex {
  readonly texts: readonly string[];
  /** Milliseconds to embed all texts. */
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

  /** Embeds a query, ranks every text and returns at most `count`, best first. */
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

/** Returns the indices of the highest positive values, highest first. */
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
