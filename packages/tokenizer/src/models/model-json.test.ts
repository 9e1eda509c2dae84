import { describe, expect, it } from 'vitest';
import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import { readModel } from './model-json.js';

function errorOf(json: unknown): unknown {
  try {
    return readModel(json, '$.model');
  } catch (error) {
    return error;
  }
}

describe('readModel', () => {
  it('refuses a dropout whose ids are random, by path and type', () => {
    const error = errorOf({ type: 'BPE', vocab: {}, merges: [], dropout: 0.5 });
    expect(error).toBeInstanceOf(UnsupportedTokenizerError);
    expect(error).toMatchObject({ path: '$.model.dropout', componentType: 'BPE' });
  });

  it('names a type that is no model', () => {
    const error = errorOf({ type: 'Bigram' });
    expect(error).toBeInstanceOf(UnsupportedTokenizerError);
    expect(error).toMatchObject({ path: '$.model', componentType: 'Bigram' });
  });

  it('does not mistake BPE without a type and with such a dropout for WordLevel', () => {
    const error = errorOf({ vocab: { a: 0 }, merges: [], dropout: 0.5, unk_token: 'a' });
    expect(error).toBeInstanceOf(UnsupportedTokenizerError);
  });

  it('explains for a model without a type why no type fits', () => {
    const error = errorOf({ vocab: { a: 0 } });
    expect(error).toBeInstanceOf(MalformedTokenizerError);
    expect((error as Error).message).toMatch(/fits no model.*BPE.*merges.*WordPiece.*WordLevel.*Unigram/);
  });

  it.each<[path: string, json: unknown]>([
    ['$.model', []],
    ['$.model.type', { type: 5 }],
    ['$.model.vocab', { type: 'WordLevel', unk_token: 'a' }],
    ['$.model.vocab.a', { type: 'WordLevel', unk_token: 'a', vocab: { a: -1 } }],
    ['$.model.unk_token', { type: 'WordLevel', unk_token: null, vocab: { a: 1 } }],
    ['$.model.vocab[1]', { type: 'Unigram', vocab: [['a', 0], ['b']] }],
    ['$.model.vocab[0]', { type: 'Unigram', vocab: [['a', Number.POSITIVE_INFINITY]] }],
    ['$.model.unk_id', { type: 'Unigram', vocab: [], unk_id: 0 }],
    ['$.model.merges[1]', { type: 'BPE', vocab: { a: 0, aa: 1 }, merges: ['a a', 'a b'] }],
    ['$.model.fuse_unk', { type: 'BPE', vocab: {}, merges: [], fuse_unk: 1 }],
  ])('names the position of an error: %s', (path, json) => {
    const error = errorOf(json);
    expect(error).toBeInstanceOf(MalformedTokenizerError);
    expect(error).toMatchObject({ path });
  });
});
