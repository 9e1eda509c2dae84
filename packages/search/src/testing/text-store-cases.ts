import { SearchError } from '../search-error.js';
import type { EmbeddingFunction } from '../store/embedding-function.js';
import type { SearchResult, StoredRow } from '../store/text-row.js';
import type { TextStore } from '../store/text-store.js';
import { CALCULATING_FILTERS, FILTERS, type FilterExample, ROWS } from './store-rows.js';

/** One behaviour of every text store. */
export interface StoreCase {
  /** Continues a sentence that begins with the store. */
  readonly name: string;
  /** Runs the case on an empty store. Rejects with a {@link SearchError} `not-conforming` if the store differs. */
  run(store: TextStore): Promise<void>;
}

/** Capabilities of the store under test. */
export interface StoreTestOptions {
  /** Whether it ranks by words. If not, the cases about words test that it refuses them. */
  readonly fullText: boolean;
  /**
   * Whether its filters can chain comparisons and calculate. If not, the cases about these test that it refuses them.
   *
   * @defaultValue true
   */
  readonly calculatingFilters?: boolean;
}

const TIDES = 'tides of the sea';

/** The cases for a store that embeds with `embedder`. */
export function storeCases(embedder: EmbeddingFunction, options: StoreTestOptions): readonly StoreCase[] {
  return [
    ...rowCases,
    ...denseCases(embedder),
    ...FILTERS.map(matching),
    ...CALCULATING_FILTERS.map((options.calculatingFilters ?? true) ? matching : refusing),
    unboundFilter,
    ...(options.fullText ? wordCases : [refusedWords]),
  ];
}

const rowCases: readonly StoreCase[] = [
  {
    name: 'returns rows with their text and fields by id',
    async run(store) {
      await fill(store);
      const { id, text, ...fields } = ROWS[0]!;
      same(await store.get('bread'), { id, text, fields });
      same(await store.get('none'), undefined);
      same(ids(await store.get(['moon', 'none', 'bread'])), ['moon', undefined, 'bread']);
      same((await store.get('bread', { fields: ['year'] }))?.fields, { year: 2001 });
    },
  },
  {
    name: 'derives the id of a row from its text',
    async run(store) {
      await store.upsert([{ text: 'hello' }, { text: 'hello' }]);
      same(await store.count(), 1);
      same((await store.get('2cf24dba5fb0a30e26e83b2ac5b9e29e'))?.text, 'hello');
    },
  },
  {
    name: 'replaces rows with the same id, and keeps the last of several',
    async run(store) {
      const first = await store.upsert([
        { id: 'a', text: 'one', year: 1 },
        { id: 'b', text: 'two' },
        { id: 'a', text: 'three', year: 3 },
      ]);
      same([first.read, first.stored + first.superseded, first.failed.length], [3, 3, 0]);
      same(await store.get('a'), { id: 'a', text: 'three', fields: { year: 3 } });
      await store.upsert([{ id: 'b', text: 'four' }]);
      same(await store.count(), 2);
      same(texts(await all(store)), ['three', 'four']);
      same((await store.search('two', { mode: 'dense', limit: 5 })).hits.length, 2);
    },
  },
  {
    name: 'reports rows that do not fit and stores the others',
    async run(store) {
      const reported: number[] = [];
      const rows = [
        { id: 'a', text: 'one' },
        { id: 'b', text: 7 },
        { id: '', text: 'three' },
        { id: 'd', text: 'four' },
      ];
      const result = await store.upsert(rows as { text: string }[], {
        onFailed: ({ index }) => reported.push(index),
      });
      same(reported, [1, 2]);
      same([result.read, result.stored, result.failed.length], [4, 2, 2]);
      same(ids(await all(store)), ['a', 'd']);
    },
  },
  {
    name: 'stores rows of an asynchronous input',
    async run(store) {
      async function* input() {
        for (const row of ROWS) yield await Promise.resolve(row);
      }
      same((await store.upsert(input(), { batchRows: 4 })).stored, ROWS.length);
      same(await store.count(), ROWS.length);
    },
  },
  {
    name: 'yields rows in the order of ids, all or those that match',
    async run(store) {
      await fill(store);
      same(
        ids(await all(store)),
        ROWS.map(({ id }) => id),
      );
      same(ids(await all(store.rows({ filter: 'lang == {lang}', params: { lang: 'de' } }))), ['brot', 'zug']);
    },
  },
  {
    name: 'deletes rows by id, ids and filter, and returns their number',
    async run(store) {
      await fill(store);
      same(await store.delete('moon'), 1);
      same(await store.delete(['moon', 'sea', 'none']), 1);
      same(await store.delete({ filter: 'lang == {lang}', params: { lang: 'de' } }), 2);
      same(ids(await all(store)), ['bread', 'turing']);
      same((await store.search(TIDES, { mode: 'dense' })).hits.length, 2);
    },
  },
];

function denseCases(embedder: EmbeddingFunction): readonly StoreCase[] {
  const expected = async (query: string): Promise<readonly string[]> => {
    const [vector] = await embedder.encodeQueries([query]);
    const vectors = await embedder.encodeDocuments(ROWS.map(({ text }) => text));
    const scores = vectors.map((each) => each.reduce((sum, value, i) => sum + value * vector![i]!, 0));
    const order = ROWS.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
    return order.map((i) => ROWS[i]!.id as string);
  };
  return [
    {
      name: 'ranks all rows by the cosine of their vectors',
      async run(store) {
        await fill(store);
        const result = await store.search(TIDES, { mode: 'dense', limit: 10 });
        same(result.mode, 'dense');
        same(hitIds(result), await expected(TIDES));
        const [vector] = await embedder.encodeQueries([TIDES]);
        same(hitIds(await store.search(vector!, { limit: 10 })), await expected(TIDES));
      },
    },
    {
      name: 'returns the page that limit and offset cut out',
      async run(store) {
        await fill(store);
        const order = await expected(TIDES);
        same(hitIds(await store.search(TIDES, { mode: 'dense', limit: 2, offset: 1 })), order.slice(1, 3));
      },
    },
    {
      name: 'answers several queries in one call',
      async run(store) {
        await fill(store);
        const queries = ['yeast in bread', TIDES, 'Turing London'];
        const results = await store.search(queries, { mode: 'dense', limit: 3 });
        const wanted = await Promise.all(queries.map(expected));
        same(
          results.map(hitIds),
          wanted.map((order) => order.slice(0, 3)),
        );
        same(await store.search([], { mode: 'dense' }), []);
      },
    },
    {
      name: 'gives hits the fields that are asked for',
      async run(store) {
        await fill(store);
        const { hits } = await store.search('Turing', { mode: 'dense', limit: 1, fields: ['year'] });
        same([hits[0]?.id, hits[0]?.fields], ['turing', { year: 1912 }]);
      },
    },
  ];
}

function matching([filter, params, wanted]: FilterExample): StoreCase {
  return {
    name: `matches ${filter} with ${JSON.stringify(params)}`,
    async run(store) {
      await fill(store);
      same(ids(await all(store.rows({ filter, params }))), wanted);
      same(await store.count(filter, { params }), wanted.length);
      const found = hitIds(await store.search(TIDES, { mode: 'dense', filter, params }));
      same([...found].sort(), wanted);
    },
  };
}

function refusing([filter, params]: FilterExample): StoreCase {
  return {
    name: `refuses ${filter}`,
    async run(store) {
      await fill(store);
      await refused(store.count(filter, { params }));
    },
  };
}

const unboundFilter: StoreCase = {
  name: 'refuses a filter without a value for one of its places',
  async run(store) {
    await fill(store);
    await refused(store.search('x', { filter: 'lang == {lang}', params: {} }));
    await refused(store.count('lang == {lang}'));
  },
};

const wordCases: readonly StoreCase[] = [
  {
    name: 'ranks rows with a word of the query by BM25',
    async run(store) {
      await fill(store);
      const result = await store.search('the tides', { mode: 'fullText', limit: 10 });
      same([result.mode, hitIds(result)], ['fullText', ['moon', 'sea', 'bread']]);
      same(hitIds(await store.search('nothing here matches', { mode: 'fullText' })), []);
      same(hitIds(await store.search('ZÜRICH', { mode: 'fullText' })), ['zug']);
    },
  },
  {
    name: 'fuses the two rankings by reciprocal ranks',
    async run(store) {
      await fill(store);
      // The rankings reach beyond the page, to at least a hundred rows.
      const dense = hitIds(await store.search(TIDES, { mode: 'dense', limit: 100 }));
      const words = hitIds(await store.search(TIDES, { mode: 'fullText', limit: 100 }));
      const { mode, hits } = await store.search(TIDES, { limit: 2 });
      same(hits.length, 2);
      same(mode, 'hybrid');
      for (const { id, score } of hits) {
        const ranks = [dense.indexOf(id as string), words.indexOf(id as string)].filter((rank) => rank >= 0);
        const sum = ranks.reduce((total, rank) => total + 1 / (61 + rank), 0);
        if (Math.abs(sum - score) > 1e-6) throw differs(`score ${score} of ${String(id)}`, sum);
      }
      same(
        hits.map(({ score }) => score),
        hits.map(({ score }) => score).sort((a, b) => b - a),
      );
    },
  },
  {
    name: 'counts the words of rows that are there, and no others',
    async run(store) {
      await fill(store);
      await store.upsert([{ id: 'moon', text: 'Cheese is made of milk.' }]);
      await store.delete('sea');
      same(hitIds(await store.search('tides', { mode: 'fullText' })), []);
      same(hitIds(await store.search('cheese', { mode: 'fullText' })), ['moon']);
    },
  },
];

const refusedWords: StoreCase = {
  name: 'refuses to rank by words',
  async run(store) {
    await fill(store);
    await refused(store.search('tides', { mode: 'fullText' }));
    await refused(store.search('tides', { mode: 'hybrid' }));
    same((await store.search('tides')).mode, 'dense');
  },
};

async function fill(store: TextStore): Promise<void> {
  same((await store.upsert(ROWS)).stored, ROWS.length);
}

async function all(rows: AsyncIterable<StoredRow>): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

function ids(rows: readonly (StoredRow | undefined)[]): unknown[] {
  return rows.map((row) => row?.id);
}

function texts(rows: readonly StoredRow[]): string[] {
  return rows.map(({ text }) => text);
}

function hitIds({ hits }: SearchResult): string[] {
  return hits.map(({ id }) => id as string);
}

async function refused(work: Promise<unknown>): Promise<void> {
  const isRefused = await work.then(
    () => false,
    () => true,
  );
  if (!isRefused) throw differs('no error', 'an error');
}

function same(found: unknown, wanted: unknown): void {
  if (sorted(found) !== sorted(wanted)) throw differs(found, wanted);
}

/** JSON with sorted keys, so that the order of fields does not count. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function differs(found: unknown, wanted: unknown): SearchError {
  return new SearchError(
    'not-conforming',
    `found ${JSON.stringify(found)}; expected ${JSON.stringify(wanted)}`,
  );
}
