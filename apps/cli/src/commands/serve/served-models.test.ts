import { describe, expect, it } from 'vitest';
import { aliasFlags, modelFlag, modelFlags } from './served-models.js';

describe('--model', () => {
  it.each([
    ['potion=minishlab/potion-base-8M', 'potion', 'minishlab/potion-base-8M', undefined],
    ['minishlab/potion-base-8M', 'potion-base-8M', 'minishlab/potion-base-8M', undefined],
    ['p=minishlab/potion-base-8M@v1', 'p', 'minishlab/potion-base-8M', 'v1'],
    ['./models/mine/', 'mine', './models/mine/', undefined],
    ['mine=/data/a=b', 'mine', '/data/a=b', undefined],
    ['https://example.com/models/mine', 'mine', 'https://example.com/models/mine', undefined],
  ])('%s is named %s', (value, name, source, revision) => {
    expect(modelFlag(value)).toEqual({ name, source, revision });
  });

  it('is the bundled model if absent', () => {
    expect(modelFlags([])).toEqual([{ name: 'minilm-l6', source: undefined, revision: undefined }]);
  });
});

describe('--alias', () => {
  it('names a model', () => {
    expect(aliasFlags(['text-embedding-3-small=a'], ['a'])).toEqual([['text-embedding-3-small', 'a']]);
  });

  it.each(['a', '=a', 'x=b'])('refuses %s', (value) => {
    expect(() => aliasFlags([value], ['a'])).toThrow('--alias');
  });
});
