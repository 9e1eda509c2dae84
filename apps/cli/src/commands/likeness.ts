import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { modelFilesOf, type StaticModel } from '@model2vec-ts/static-model';
import { loadTokenizer } from '@model2vec-ts/tokenizer';

/** Number of synthetic texts, and tokens of each, about as many as in a short sentence. */
const MADE_UP_TEXTS = 2000;
const TOKENS_OF_A_TEXT = 12;

/** Synthetic texts of tokens from the whole vocabulary, to compare models without given texts, in any language. */
export function madeUpTexts(model: StaticModel): readonly string[] {
  const tokenizer = loadTokenizer(model.tokenizerJson);
  const texts: string[] = [];
  // Steps of a prime number visit all ids before they repeat.
  let id = 0;
  for (let i = 0; i < MADE_UP_TEXTS; i++) {
    const words: string[] = [];
    for (let j = 0; j < TOKENS_OF_A_TEXT; j++) {
      id = (id + 7919) % tokenizer.idLimit;
      words.push((tokenizer.idToToken(id) ?? '').replace(/^(?:##|[▁Ġ])/, ''));
    }
    texts.push(words.join(' '));
  }
  return texts;
}

/**
 * Mean cosine of the texts' embeddings by two models; columns that the second lacks count as zero. Texts without tokens
 * are skipped.
 */
export async function meanCosine(
  a: StaticModel,
  b: StaticModel,
  texts: readonly string[],
): Promise<number | undefined> {
  const first = await embeddings(a, texts);
  const second = await embeddings(b, texts);
  let sum = 0;
  let counted = 0;
  for (let i = 0; i < texts.length; i++) {
    const x = first.row(i);
    const y = second.row(i);
    const product = dot(x.subarray(0, y.length), y);
    const lengths = Math.sqrt(dot(x, x) * dot(y, y));
    if (lengths === 0) continue;
    sum += product / lengths;
    counted++;
  }
  return counted === 0 ? undefined : sum / counted;
}

async function embeddings(
  model: StaticModel,
  texts: readonly string[],
): Promise<Awaited<ReturnType<Model2VecEmbeddingFunction['encode']>>> {
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: modelFilesOf(model, { card: false }),
  });
  try {
    return await embedder.encode(texts);
  } finally {
    await embedder.close();
  }
}

function dot(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
