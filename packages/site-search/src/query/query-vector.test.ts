import { readFileSync } from 'node:fs';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6x64 } from '@model2vec-ts/model-minilm-l6-64';
import { loadTokenizer } from '@model2vec-ts/tokenizer';
import { beforeAll, expect, it } from 'vitest';
import { englishWords, seeded } from '../../test/generated-site.js';
import { loadModelRows } from '../build/model-rows.js';
import { ShardFiles } from '../build/shards.js';
import { writeTokenShards } from '../build/token-shards.js';
import { FORMAT } from '../format/manifest.js';
import { QueryEmbedder } from './query-vector.js';
import { ShardStore } from './shard-store.js';

const TEXTS = [
  'Where is the Café? naïve résumé ÅNGSTRÖM',
  'unaffable antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis',
  'C++ & C#: x=1_000; "quoted" (don’t) e-mail@example.com',
  '東京都に行く 北京 서울 ภาษาไทย हिन्दी עברית العربية',
  'a\u0000b\ufffdc\u200bd\u00ade\tf\ng',
  '🦖 ℌ𝔢𝔩𝔩𝔬 ﬁne ǅ ß İstanbul',
  'x'.repeat(100),
  'x'.repeat(101),
  '',
  '##ing ing# [UNKNOWN] [',
];

let embedder: QueryEmbedder;

beforeAll(async () => {
  const model = await loadModelRows(minilmL6x64, 64);
  const files = new ShardFiles();
  const tokens = writeTokenShards(model, files);
  const store = new ShardStore(new URL('https://site.test/'), {
    fetch: (url) =>
      Promise.resolve(new Response(files.files.get(url.pathname.slice('/f/'.length)) as BodyInit)),
  });
  const { tokenizer, dim } = model;
  const manifest = {
    format: FORMAT,
    folder: 'f',
    passages: 0,
    dim,
    tokenizer,
    tokens,
    words: [],
    centroids: '',
  } as const;
  embedder = new QueryEmbedder(store, manifest);
});

/** Words glued from random tokens, which split at other places than where they were glued. */
function gluedWords(count: number): string[] {
  const random = seeded(3);
  const words = englishWords();
  const part = () => words[Math.floor(random() * words.length)]!.slice(0, 1 + Math.floor(random() * 6));
  return Array.from({ length: count }, () => part() + part() + part());
}

it('splits every text into the tokens of the whole tokenizer, from shards', async () => {
  const reference = loadTokenizer(readFileSync(minilmL6x64['tokenizer.json']));
  for (const text of [...TEXTS, ...gluedWords(400)]) {
    const expected = Array.from(reference.encode(text, { dropUnknown: true }), (id) =>
      reference.idToToken(id),
    );
    expect(
      (await embedder.tokens(text)).map(({ token }) => token),
      text,
    ).toEqual(expected);
  }
});

it('gives the vectors of the embedding function', async () => {
  const whole = await Model2VecEmbeddingFunction.create({
    modelSource: minilmL6x64,
    normalize: true,
    threads: 1,
  });
  for (const text of TEXTS) {
    const expected = whole.encodeSync([text]).row(0);
    const found = (await embedder.embed(text)) ?? new Float32Array(64);
    for (const [i, value] of expected.entries()) expect(Math.abs(found[i]! - value), text).toBeLessThan(1e-6);
  }
  await whole.close();
});
