import { modelFilesOf, pruneVocabulary, type StaticModel } from '@model2vec-ts/static-model';
import { loadTokenizer } from '@model2vec-ts/tokenizer';
import { describe, expect, it } from 'vitest';

/** A model with one column, whose rows are the ids of the tokens before pruning. */
function modelOf(tokenizer: object, rows: number): StaticModel {
  return {
    table: { dtype: 'float32', rows, dim: 1, data: Float32Array.from({ length: rows }, (_, id) => id) },
    tokenizerJson: new TextEncoder().encode(JSON.stringify(tokenizer)),
    config: {},
    layout: 'model2vec',
    origin: 'a test',
    fingerprint: '',
  };
}

/** The parts of a file that the tests check. */
interface TokenizerFile {
  readonly model: { readonly vocab: object; readonly merges: unknown; readonly unk_id: unknown };
  readonly padding: { readonly pad_id: number };
  readonly added_tokens: readonly { readonly id: number }[];
  readonly post_processor: {
    readonly processors: readonly { readonly special_tokens: Record<string, { readonly ids: number[] }> }[];
  };
}

const json = (model: StaticModel): TokenizerFile => JSON.parse(new TextDecoder().decode(model.tokenizerJson));

const ids = (tokens: readonly string[]): Record<string, number> =>
  Object.fromEntries(tokens.map((token, id) => [token, id]));

const added = (content: string, id: number): object => ({
  ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
});

describe('pruneVocabulary', () => {
  it('keeps the tokens that lead to the dead ends of unknown words', async () => {
    const vocab = ids(['?', 'ab', '##x', 'a', '##bc', '##d', 'abcd', 'zz', '##zz', 'longest']);
    const model = modelOf(
      {
        pre_tokenizer: { type: 'Whitespace' },
        model: {
          type: 'WordPiece',
          vocab,
          unk_token: '?',
          continuing_subword_prefix: '##',
          max_input_chars_per_word: 100,
        },
      },
      10,
    );
    // `abc` is ab followed by a dead end; without ab it would be a and ##bc.
    const pruned = await pruneVocabulary(
      model,
      { corpus: ['abc a abcd'], tokens: ['##bc'] },
      { loadTokenizer },
    );
    expect(Object.keys(json(pruned.model).model.vocab)).toContain('ab');
    const tokenizer = loadTokenizer(pruned.model.tokenizerJson);
    const rows = Array.from(tokenizer.encode('abc a abcd'), (id) => pruned.model.table.data[id]);
    expect(rows).toEqual([0, 3, 6]);
  });

  it('keeps intermediate tokens of merges, and the merges of the remaining tokens', async () => {
    const vocab = ids(['a', 'b', 'c', 'd', 'ab', 'cd', 'abcd', 'bc', '?']);
    const merges = [
      ['a', 'b'],
      ['c', 'd'],
      ['b', 'c'],
      ['ab', 'cd'],
    ];
    const model = modelOf({ model: { type: 'BPE', vocab, merges, unk_token: '?' } }, 9);
    const pruned = await pruneVocabulary(model, { tokens: ['abcd'] }, { loadTokenizer });
    const { model: smaller } = json(pruned.model);
    expect(Object.keys(smaller.vocab)).toEqual(['a', 'b', 'c', 'd', 'ab', 'cd', 'abcd', '?']);
    expect(smaller.merges).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['ab', 'cd'],
    ]);
    expect(pruned).toMatchObject({ tokens: 8, tokensBefore: 9, fillers: 0 });
  });

  it('keeps the score of unknown characters', async () => {
    const vocab = [
      ['?', 0],
      ['_', -2],
      ['a', -3],
      ['r', -40],
      ['b', -5],
    ];
    const model = modelOf({ model: { type: 'Unigram', vocab, unk_id: 0 } }, 5);
    const pruned = await pruneVocabulary(model, { corpus: ['a'] }, { loadTokenizer });
    expect(json(pruned.model).model.vocab).toEqual([
      ['?', 0],
      ['a', -3],
      ['r', -40],
    ]);
    expect(json(pruned.model).model.unk_id).toBe(0);
  });

  it('renumbers every id of the file, and keeps tokens with any name', async () => {
    const vocab = ids(['x', 'y', '__proto__', '7', '[CLS]', '[SEP]', '[UNK]', '[PAD]']);
    const model = modelOf(
      {
        version: '1.0',
        truncation: null,
        padding: {
          strategy: 'BatchLongest',
          direction: 'Right',
          pad_to_multiple_of: null,
          pad_id: 7,
          pad_type_id: 0,
          pad_token: '[PAD]',
        },
        added_tokens: [added('[CLS]', 4), added('[SEP]', 5), added('<new>', 8)],
        pre_tokenizer: { type: 'WhitespaceSplit' },
        post_processor: {
          type: 'Sequence',
          processors: [
            { type: 'BertProcessing', sep: ['[SEP]', 5], cls: ['[CLS]', 4] },
            {
              type: 'TemplateProcessing',
              single: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
              pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
              special_tokens: { '[CLS]': { id: '[CLS]', ids: [4], tokens: ['[CLS]'] } },
            },
          ],
        },
        model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
      },
      9,
    );
    const pruned = await pruneVocabulary(model, { corpus: ['__proto__ <new> 7'] }, { loadTokenizer });
    const file = json(pruned.model);
    const kept = file.model.vocab as Record<string, number>;
    expect(Object.keys(kept).sort()).toEqual(['7', '[CLS]', '[PAD]', '[SEP]', '[UNK]', '__proto__'].sort());
    const id = (token: string): number => Object.entries(kept).find(([name]) => name === token)![1];
    expect(file.padding.pad_id).toBe(id('[PAD]'));
    const [bert, template] = file.post_processor.processors;
    expect(bert).toMatchObject({ sep: ['[SEP]', id('[SEP]')], cls: ['[CLS]', id('[CLS]')] });
    expect(template!.special_tokens['[CLS]']!.ids).toEqual([id('[CLS]')]);
    expect(file.added_tokens.map((token) => token.id)).toEqual([id('[CLS]'), id('[SEP]'), 6]);
    const tokenizer = loadTokenizer(pruned.model.tokenizerJson);
    const rows = Array.from(tokenizer.encode('__proto__ <new> 7'), (each) => pruned.model.table.data[each]);
    expect(rows).toEqual([2, 8, 3]);
    expect(modelFilesOf(pruned.model)['tokenizer.json']).toBe(pruned.model.tokenizerJson);
  });

  it('keeps the median token length by adding tokens of that length', async () => {
    const vocab = ids(['a', 'b', 'c', 'dddd', 'eeee', 'ffff', 'gggg', 'hhhhhhh', '?']);
    const model = modelOf(
      { pre_tokenizer: { type: 'Whitespace' }, model: { type: 'WordLevel', vocab, unk_token: '?' } },
      9,
    );
    const pruned = await pruneVocabulary(model, { corpus: ['a b c'] }, { loadTokenizer });
    expect(pruned.fillers).toBe(5);
    expect(loadTokenizer(pruned.model.tokenizerJson).medianTokenLength).toBe(4);
  });

  it('shares rows as before, without unused ones', async () => {
    const vocab = ids(['aa', 'bb', 'cc', 'dd', '??']);
    const plain = modelOf(
      { pre_tokenizer: { type: 'Whitespace' }, model: { type: 'WordLevel', vocab, unk_token: '??' } },
      3,
    );
    const mapping = Int32Array.of(2, 0, 2, 1, 1);
    const weights = Float32Array.of(1, 2, 3, 4, 5);
    const model = { ...plain, table: { ...plain.table, mapping, weights } } as StaticModel;
    const { table } = (await pruneVocabulary(model, { corpus: ['cc aa'] }, { loadTokenizer })).model;
    expect(table).toEqual({
      ...{ dtype: 'float32', rows: 2, dim: 1, data: Float32Array.of(1, 2) },
      ...{ mapping: Int32Array.of(1, 1, 0), weights: Float32Array.of(1, 3, 5) },
    });
  });

  it('refuses what it cannot do', async () => {
    const vocab = { a: 0, b: 0, '?': 1 };
    const double = modelOf({ model: { type: 'WordLevel', vocab, unk_token: '?' } }, 2);
    const refusal = (model: StaticModel, use: object, signal?: AbortSignal): Promise<unknown> =>
      pruneVocabulary(model, use, { loadTokenizer, ...(signal && { signal }) }).catch(
        (error: unknown) => error,
      );
    expect(await refusal(double, { corpus: ['a'] })).toMatchObject({ code: 'unsupported-model' });
    const model = modelOf({ model: { type: 'WordLevel', vocab: ids(['a', 'b', '?']), unk_token: '?' } }, 3);
    expect(await refusal(model, {})).toMatchObject({ code: 'invalid-argument' });
    expect(await refusal(model, { tokens: ['A'] })).toMatchObject({ code: 'invalid-argument' });
    const stopped = AbortSignal.abort(new Error('enough'));
    expect(await refusal(model, { corpus: ['a'] }, stopped)).toMatchObject({ message: 'enough' });
  });
});
