/** Texts from memory or from a file. */
export type TextSource = Iterable<string> | AsyncIterable<string>;

/** A text of a corpus and its weight. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
  /** Whether it belongs to the collection that will be searched. */
  readonly own: boolean;
}

/** Texts of a corpus: general ones, and those of the collection that will be searched. */
export interface Corpus {
  readonly texts: TextSource;
  readonly own: TextSource;
  readonly ownWeight: number;
  /** Whether sentences of long own documents are texts too. */
  readonly sentences: boolean;
}

/** A document with more characters is long: more than a sentence or two. */
const LONG = 250;
/** Shorter sentences mean too little on their own. */
const SHORTEST_SENTENCE = 20;

/** Yields all texts of a corpus, own ones first, each followed by its sentences. */
export async function* weightedTexts(corpus: Corpus): AsyncGenerator<WeightedText> {
  const segmenter = corpus.sentences ? new Intl.Segmenter(undefined, { granularity: 'sentence' }) : undefined;
  for await (const text of corpus.own) {
    yield { text, weight: corpus.ownWeight, own: true };
    if (segmenter === undefined || text.length < LONG) continue;
    for (const { segment } of segmenter.segment(text)) {
      const sentence = segment.trim();
      if (sentence.length >= SHORTEST_SENTENCE && sentence.length < text.length) {
        yield { text: sentence, weight: 1, own: false };
      }
    }
  }
  for await (const text of corpus.texts) yield { text, weight: 1, own: false };
}
