import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.js';
import { loadTokenizerLazily } from '../load-tokenizer-lazily.js';
import { type KeptTables, packTables, unpackTables } from './kept-tables.js';
import { splitJson } from './tokenizer-json.js';

const bytesOf = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

const TOKENS = ['[UNK]', 'a', 'ab', '##b', '中', '😀', 'é', '"\\', '!'];
const WORD_PIECE = bytesOf({
  version: '1.0',
  added_tokens: [],
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(TOKENS.map((token, id) => [token, id * 7])),
  },
});
const WORD_LEVEL = bytesOf({
  pre_tokenizer: { type: 'Whitespace' },
  model: {
    type: 'WordLevel',
    unk_token: '[UNK]',
    vocab: Object.fromEntries(TOKENS.map((token, id) => [token, id])),
  },
});
const BPE = bytesOf({
  model: {
    type: 'BPE',
    unk_token: '[UNK]',
    vocab: Object.fromEntries([...TOKENS, 'b', 'aa', 'aab'].map((token, id) => [token, id])),
    merges: ['a a', 'aa b'],
  },
});
const UNIGRAM = bytesOf({
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: { type: 'Unigram', unk_id: 0, vocab: [...TOKENS, '▁', '▁a'].map((token, id) => [token, -id / 3]) },
});
const TEXTS = ['a ab abb', '😀 中 é', '"\\ ! aab', 'ß unknown', ''];

/** Keeps tables in memory. */
class Memory implements KeptTables {
  bytes: Uint8Array | undefined;
  writes = 0;
  read(): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.bytes);
  }
  write(parts: readonly Uint8Array[]): void {
    this.bytes = Buffer.concat(parts);
    this.writes++;
  }
}

const packed = (json: Uint8Array): Uint8Array => Buffer.concat(packTables(splitJson(json)!));

it.each([
  ['WordPiece', WORD_PIECE],
  ['WordLevel', WORD_LEVEL],
  ['BPE', BPE],
  ['Unigram', UNIGRAM],
])('gives the same ids of %s with kept tables as without', async (_, json) => {
  const expected = loadTokenizer(json, { path: 'readable' });
  const tables = new Memory();
  for (const _load of ['first', 'second', 'third']) {
    const tokenizer = await loadTokenizerLazily(json, { tables });
    for (const text of TEXTS) expect(tokenizer.encode(text)).toEqual(expected.encode(text));
    for (let id = 0; id < 70; id++) expect(tokenizer.idToToken(id)).toBe(expected.idToToken(id));
    expect(tokenizer.vocabularySize).toBe(expected.vocabularySize);
  }
  expect(tables.writes).toBe(1);
});

it('reads kept tables instead of the text', async () => {
  const tables = new Memory();
  tables.bytes = packed(WORD_LEVEL);
  const tokenizer = await loadTokenizerLazily(bytesOf({}), { tables });
  expect([...tokenizer.encode('ab a')]).toEqual([2, 1]);
});

it('makes tables again if another version made the kept ones', async () => {
  const tables = new Memory();
  tables.bytes = Buffer.from(
    Buffer.from(packed(WORD_LEVEL)).toString('latin1').replace('"form":1', '"form":0'),
    'latin1',
  );
  const tokenizer = await loadTokenizerLazily(BPE, { tables });
  expect(tokenizer.family).toBe('BPE');
  expect(tables.writes).toBe(1);
});

it('keeps nothing of a text with an unusual form', async () => {
  const tables = new Memory();
  const exponent = new TextEncoder().encode(new TextDecoder().decode(UNIGRAM).replace('-1]', '-1e0]'));
  const tokenizer = await loadTokenizerLazily(exponent, { tables });
  expect(tokenizer.family).toBe('Unigram');
  expect(tables.writes).toBe(0);
});

it('keeps nothing of a text with a vocabulary in another place', async () => {
  const tables = new Memory();
  const elsewhere = new TextEncoder().encode(`{"vocab": {"a": 1}, ${new TextDecoder().decode(BPE).slice(1)}`);
  await expect(loadTokenizerLazily(elsewhere, { tables })).rejects.toThrow('$.vocab is not a part');
  expect(tables.writes).toBe(0);
});

it('reports a malformed text the same way from kept tables', async () => {
  const json = bytesOf({ model: { type: 'WordLevel', unk_token: 5, vocab: { a: 0 } } });
  const tables = new Memory();
  const problem = async (): Promise<string> => {
    const error = await loadTokenizerLazily(json, { tables }).catch((cause: unknown) => cause);
    return String(error);
  };
  const first = await problem();
  expect(first).toContain('unk_token');
  expect(await problem()).toBe(first);
});

it('reads tables at any place in memory', () => {
  const tables = packed(UNIGRAM);
  const moved = new Uint8Array(tables.length + 3);
  moved.set(tables, 3);
  const { vocabulary } = unpackTables(moved.subarray(3))!;
  expect([...vocabulary.entries()]).toEqual([...splitJson(UNIGRAM)!.vocabulary.entries()]);
  expect(vocabulary.packed.scores).toEqual(splitJson(UNIGRAM)!.vocabulary.packed.scores);
});

// Kept tables outlive the program that made them: raise FORM when this changes.
it('lays out the tables of form 1 as in earlier versions', () => {
  const hash = createHash('sha256');
  for (const json of [WORD_PIECE, UNIGRAM]) {
    for (const part of packTables(splitJson(json)!).slice(1)) hash.update(part);
  }
  expect(hash.digest('hex').slice(0, 16)).toBe('48430be8bc5d7cdc');
});
