import { describe, expect, it } from 'vitest';
import { loadStaticModel } from '../load-static-model.js';
import { hubPageOf } from './hub-page.js';

const ENDPOINT = new URL('https://mirror.example/hub');
const ID = 'org/name';

describe('a page of the Hub', () => {
  it.each([
    ['https://huggingface.co/org/name', { id: ID }],
    ['https://huggingface.co/org/name/', { id: ID }],
    ['http://www.huggingface.co/org/name?library=model2vec#usage', { id: ID }],
    ['huggingface.co/org/name', { id: ID }],
    ['https://hf.co/org/name/tree/main', { id: ID }],
    ['https://huggingface.co/org/name/tree/v1', { id: ID, revision: 'v1' }],
    ['https://huggingface.co/org/name/tree/refs%2Fpr%2F1', { id: ID, revision: 'refs/pr/1' }],
    [
      'https://huggingface.co/org/name/tree/refs/pr/1/small',
      { id: ID, revision: 'refs/pr/1', subfolder: 'small' },
    ],
    ['https://huggingface.co/org/name/tree/main/small/int8', { id: ID, subfolder: 'small/int8' }],
    ['https://huggingface.co/org/name/blob/main/config.json', { id: ID }],
    ['https://huggingface.co/org/name/resolve/main/small/model.safetensors', { id: ID, subfolder: 'small' }],
    ['https://huggingface.co/org/name/discussions/3', { id: ID }],
    ['https://huggingface.co/api/models/org/name', { id: ID }],
    ['https://mirror.example/hub/org/name/tree/main', { id: ID }],
    ['hf://org/name@v1', { id: ID, revision: 'v1' }],
    ['hf://models/org/name', { id: ID }],
    ['org/name@v1', { id: ID, revision: 'v1' }],
    ['https://huggingface.co/org/name/tree/%zz', { id: ID, revision: '%zz' }],
  ])('%s names its model', (address, page) => {
    expect(hubPageOf(address, ENDPOINT)).toEqual(page);
  });

  it.each([
    ID,
    'https://huggingface.co/org/name/resolve/main',
    'https://huggingface.co/datasets/org/name',
    'https://huggingface.co/spaces/org/name',
    'https://huggingface.co/papers/1234.5678',
    'https://huggingface.co/org',
    'https://example.com/org/name',
    './org/name',
    'user@host',
  ])('is not %s', (address) => {
    expect(hubPageOf(address, ENDPOINT)).toBeUndefined();
  });

  it.each(['https://huggingface.co/org/name/tree/main', new URL('https://huggingface.co/org/name')])(
    'is refused as a source, with the id to use',
    async (source) => {
      const error = await loadStaticModel(source).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'model-not-found', remedy: { code: 'use-hub-id', id: ID } });
      expect((error as Error).message).toMatch(/; pass "org\/name"$/);
    },
  );
});
