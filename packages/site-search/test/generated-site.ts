import { readFileSync } from 'node:fs';
import { minilmL6x64 } from '@model2vec-ts/model-minilm-l6-64';
import type { SitePage } from '@model2vec-ts/site-search';

const SECTIONS = 3;
const WORDS_PER_SECTION = 60;
const SUBJECTS = 400;
const WORDS_PER_SUBJECT = 40;

/**
 * Pages of English words in the frequencies of English (Zipf), each about one of several subjects, with three sections of
 * 60 words. The same number gives the same pages.
 */
export function* generatedPages(count: number): Generator<SitePage, void, undefined> {
  const random = seeded(7);
  const words = englishWords();
  const subjects = Array.from({ length: SUBJECTS }, () =>
    Array.from({ length: WORDS_PER_SUBJECT }, () => words[Math.floor(random() * words.length)]!),
  );
  const common = () => words[Math.floor(words.length ** random()) - 1]!;
  for (let page = 0; page < count; page++) {
    const subject = subjects[page % SUBJECTS]!;
    const word = () => (random() < 0.3 ? subject[Math.floor(random() * subject.length)]! : common());
    const text = (length: number) => Array.from({ length }, word).join(' ');
    const sections = Array.from(
      { length: SECTIONS },
      (_, i) => `<h2 id="part-${i}">${text(3)}</h2><p>${text(WORDS_PER_SECTION)}.</p>`,
    );
    const title = text(4);
    yield {
      url: `pages/${page}.html`,
      html: `<!doctype html><html><head><title>${title}</title></head><body><nav>Home</nav><main><h1>${title}</h1>${sections.join('')}</main></body></html>`,
    };
  }
}

/** Whole words of the model's vocabulary, the most frequent first, as their order in it is. */
export function englishWords(): string[] {
  const { model } = JSON.parse(readFileSync(minilmL6x64['tokenizer.json'], 'utf8'));
  return Object.entries<number>(model.vocab)
    .filter(([token]) => /^[a-z]{2,}$/.test(token))
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token);
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
