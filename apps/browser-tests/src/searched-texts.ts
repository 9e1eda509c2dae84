import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { TextIndex } from '@model2vec-ts/search';

/** Hits of several questions, in a page or in Node. */
export interface SearchedTexts {
  /** Kernel that compared the vectors. */
  readonly kernel: string;
  readonly rows: number;
  /** Id and score of each hit per question and mode. */
  readonly hits: readonly (readonly (readonly [unknown, number])[])[];
  /** Whether an index that was saved and loaded gives the same hits. */
  readonly isSameAfterLoading: boolean;
  /** Milliseconds for embedding and indexing all texts, and for one hybrid search. */
  readonly indexing: number;
  readonly searching: number;
}

const SUBJECTS = [
  'the cat',
  'a bank',
  'the moon',
  'fresh bread',
  'an old train',
  'the printer',
  'my invoice',
];
const VERBS = [
  'sleeps',
  'lends money',
  'pulls the tides',
  'needs yeast',
  'leaves late',
  'is on fire',
  'is lost',
];
const PLACES = ['in Zurich', 'near the sea', 'at night', 'on Monday', 'under the roof', 'without a reason'];
const QUESTIONS = [
  'why does dough rise',
  'railway timetable',
  'lost bill number 4242',
  'burning office machine',
];
const MODES = ['dense', 'fullText', 'hybrid'] as const;

/** Text of a row; every one is different. */
function textOf(i: number): string {
  const pick = (words: readonly string[], step: number): string =>
    words[Math.floor(i / step) % words.length]!;
  return `${pick(SUBJECTS, 1)} ${pick(VERBS, 7)} ${pick(PLACES, 49)}, number ${i}`;
}

/** Indexes `count` texts in memory and searches them. Runs the same in a page and in Node. */
export async function searchedTexts(count: number): Promise<SearchedTexts> {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, threads: 1 });
  try {
    const begun = performance.now();
    const index = await TextIndex.create({ embedder, vectorType: 'int8' });
    await index.upsert(Array.from({ length: count }, (_, id) => ({ id, text: textOf(id) })));
    const indexing = performance.now() - begun;
    const hits = await hitsOf(index);
    const searched = performance.now();
    await index.search(QUESTIONS[0]!, { limit: 10 });
    const searching = performance.now() - searched;
    const bytes = new Uint8Array(await new Blob([...(await index.save())]).arrayBuffer());
    const loaded = await TextIndex.load(bytes, { embedder });
    const isSameAfterLoading = JSON.stringify(await hitsOf(loaded)) === JSON.stringify(hits);
    return { kernel: index.kernel, rows: index.size, hits, isSameAfterLoading, indexing, searching };
  } finally {
    await embedder.close();
  }
}

async function hitsOf(index: TextIndex): Promise<SearchedTexts['hits']> {
  const found: (readonly (readonly [unknown, number])[])[] = [];
  for (const mode of MODES) {
    for (const { hits } of await index.search(QUESTIONS, { mode, limit: 5 })) {
      found.push(hits.map(({ id, score }) => [id, score] as const));
    }
  }
  return found;
}
