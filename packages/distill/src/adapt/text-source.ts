/** Texts one after the other, from memory or from a file. */
export type TextSource = Iterable<string> | AsyncIterable<string>;

/** A text of a corpus and how much it counts. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
  /** Whether it is of the collection that will be searched. */
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

/** Characters from which a document is long: more than a sentence or two. */
const LONG = 250;
/** Sentences of fewer characters say too little alone. */
const SHORTEST_SENTENCE = 20;

/** All texts of a corpus, own ones first, each followed by its sentences. */
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
