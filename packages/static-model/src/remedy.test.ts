import { describe, expect, it } from 'vitest';
import { ModelError } from './model-error.js';
import { apiWords, type ModelRemedy } from './remedy.js';

/** The remedy of each code, and this package's wording of it. A new code without a row does not compile. */
const WORDS: {
  readonly [Code in ModelRemedy['code']]: readonly (readonly [
    Omit<Extract<ModelRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'use-hub-id': [
    [{ id: 'org/name' }, 'pass "org/name"'],
    [
      { id: 'org/name', revision: 'v1', subfolder: 'small' },
      'pass "org/name" with revision: "v1", subfolder: "small"',
    ],
  ],
  'use-folder': [[{ folder: '/models/potion' }, 'pass the folder /models/potion']],
  'use-subfolder': [[{ subfolders: ['a', 'b/c'] }, 'pass subfolder: "a" or "b/c"']],
  'use-other-source': [
    [
      {},
      'pass a folder, an http:, https: or file: URL of one, a Hub id such as "minishlab/potion-base-8M", or the bytes of the files',
    ],
  ],
  'use-local-model': [
    [
      { bundledPackage: '@model2vec-ts/model-minilm-l6', guide: 'docs/guides/offline.md' },
      'without a network, use the model of @model2vec-ts/model-minilm-l6, pass a folder, or copy a filled cache (guide: docs/guides/offline.md)',
    ],
  ],
  'accept-terms': [
    [
      { page: 'https://hub.example/org/name', token: 'missing' },
      'accept its terms at https://hub.example/org/name, and pass a token of that account',
    ],
    [
      { page: 'https://hub.example/org/name', token: 'given' },
      'accept its terms at https://hub.example/org/name, and check that the token belongs to that account',
    ],
  ],
  'check-access': [
    [{ token: 'missing' }, 'check the name, or pass token'],
    [{ token: 'given' }, 'check the name, or check the token and what it may read'],
    [
      { token: 'given', tokenSource: 'HF_TOKEN' },
      'check the name, or check the token in HF_TOKEN and what it may read',
    ],
  ],
  'pass-token': [[{}, 'pass token, or set HF_TOKEN']],
  'check-write-access': [[{ repo: 'org/name' }, 'check that the token may write to org/name']],
  'check-repository': [[{ repo: 'org/name' }, 'check the name and the revision of org/name']],
  'pass-fetch': [
    [{ reason: 'credentials' }, 'remove them, and pass a fetch that sends them as a header'],
    [{ reason: 'proxy' }, 'correct it, or pass a fetch that uses your proxy'],
  ],
  'set-proxy-credentials': [[{}, 'write them into the proxy variable as http://name:password@host']],
  'check-endpoint': [[{}, 'check endpoint, HF_ENDPOINT and the proxy']],
  retry: [
    [{}, 'try again later'],
    [{ seconds: 30 }, 'try again in 30 s'],
  ],
  'allow-requests': [
    [{ setBy: 'localFilesOnly' }, 'load it once without localFilesOnly, or pass another cacheDir'],
  ],
  'list-cached-models': [[{}, 'listCachedModels() lists the cached models']],
  'use-other-cache': [
    [{ obstacle: 'disk-full' }, 'free some space, or pass another cacheDir or set HF_HUB_CACHE'],
    [
      { obstacle: 'read-only' },
      'make the file system writable, or pass another cacheDir or set HF_HUB_CACHE',
    ],
  ],
  'save-elsewhere': [
    [{ obstacle: 'permission-denied' }, 'check the owner and the permissions, or save to another folder'],
    [{ obstacle: 'not-a-folder' }, 'check the path, or save to another folder'],
    [{ obstacle: 'name-too-long' }, 'shorten the name, or save to another folder'],
    [{ obstacle: 'unknown' }, 'check the folder, or save to another folder'],
  ],
  'save-to-memory': [[{}, 'use modelFilesOf(model), or pass an object with write(path, bytes)']],
  'convert-dtype': [
    [{ dtype: 'float32' }, "convert it first: quantizeModel(model, { dtype: 'float32' }) keeps every value"],
  ],
  'use-unquantized-model': [[{}, 'begin with a model without a mapping']],
  'save-as-safetensors': [
    [{}, 'save it as a Model2Vec model with a single model.safetensors, or distil one from it'],
  ],
  'pull-lfs': [[{}, 'fetch the content with `git lfs pull`']],
  'install-package': [[{ packageName: '@huggingface/hub' }, 'run npm install @huggingface/hub']],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as ModelRemedy, words] as const),
);

describe('a remedy', () => {
  it.each(ROWS)('%j is worded with the names of this API', (remedy, words) => {
    expect(apiWords(remedy)).toBe(words);
  });

  it('ends the message, and is not part of the summary', () => {
    const remedy = { code: 'pass-token' } as const;
    const error = new ModelError('invalid-argument', 'writing needs a token', { remedy });
    expect(error.message).toBe('writing needs a token; pass token, or set HF_TOKEN');
    expect(error.summary).toBe('writing needs a token');
    expect(error.remedy).toEqual(remedy);
  });

  it('is absent from an error without one', () => {
    const error = new ModelError('invalid-argument', 'seed must be a whole number');
    expect(error.message).toBe(error.summary);
    expect(error.remedy).toBeUndefined();
  });

  it('never mentions the command line', () => {
    for (const [remedy] of ROWS) expect(apiWords(remedy)).not.toMatch(/\bm2v\b|--/);
  });
});
