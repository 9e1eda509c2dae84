import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SearchError } from '../search-error.js';
import { wordEmbedder } from '../testing.js';
import { searchTexts } from './search-texts.js';
import { TextIndex } from './text-index.js';

const embedder = wordEmbedder(24);
const WORDS = ['alpha', 'Beta', 'gamma', 'straße', '東京都', 'delta', '7', '…'];

async function indexOf(texts: readonly string[]): Promise<TextIndex> {
  const index = await TextIndex.create({ embedder });
  await index.upsert(texts.map((text, id) => ({ id, text })));
  return index;
}

describe('searching texts without an index', () => {
  const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join(' '));

  it('finds what an index finds, with the same scores', async () => {
    const question = text.filter((words) => words !== '');
    const mode = fc.constantFrom('hybrid', 'dense', 'fullText', undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.array(text),
        question,
        mode,
        fc.nat({ max: 20 }),
        async (texts, query, mode, more) => {
          const options = { limit: more + 1, ...(mode !== undefined && { mode }) };
          const expected = await (await indexOf(texts)).search(query, options);
          const found = await searchTexts(texts, query, { embedder, ...options });
          expect(found.mode).toBe(expected.mode);
          expect(found.texts).toBe(texts.length);
          expect(found.hits).toEqual(expected.hits.map(({ id, score }) => ({ index: id, score })));
        },
      ),
    );
  });

  it('reads many batches of an asynchronous input', async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => `${WORDS[i % 7]} ${WORDS[i % 5]} number${i}`);
    async function* read(): AsyncGenerator<string> {
      yield* texts;
    }
    const query = 'gamma number2999';
    const { hits } = await searchTexts(read(), query, { embedder, limit: 300 });
    const expected = await (await indexOf(texts)).search(query, { limit: 300 });
    expect(hits).toEqual(expected.hits.map(({ id, score }) => ({ index: id, score })));
    expect(hits.map(({ index }) => index)).toContain(2999);
  });

  it('stops at the signal between batches', async () => {
    const stop = new AbortController();
    let read = 0;
    function* texts(): Generator<string> {
      for (; ; read++) {
        if (read === 1000) stop.abort();
        yield 'alpha';
      }
    }
    const error = await searchTexts(texts(), 'alpha', { embedder, signal: stop.signal }).catch(
      (caught) => caught,
    );
    expect(SearchError.isInstance(error) && error.code).toBe('aborted');
    expect(read).toBeLessThan(2000);
  });

  it('rejects what is not a text', async () => {
    const texts = ['alpha', 5 as unknown as string];
    await expect(searchTexts(texts, 'alpha', { embedder })).rejects.toThrow(
      'text 1 must be a string; found 5',
    );
  });
});
