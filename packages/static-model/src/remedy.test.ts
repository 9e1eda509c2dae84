import { describe, expect, it } from 'vitest';
import {
  acceptTerms,
  allowRequests,
  checkAccess,
  checkEndpoint,
  listModels,
  passToken,
  setProxyCredentials,
  useHubId,
  useLocalModel,
  useOtherCache,
} from './hub/hub-remedies.js';
import { ModelError } from './model-error.js';
import { useUnquantizedModel } from './quantize-model.js';
import type { ModelAdvice, ModelRemedy } from './remedy.js';
import {
  checkRepository,
  checkWriteAccess,
  convertDtype,
  installPackage,
  saveElsewhere,
  saveToMemory,
} from './save/save-remedies.js';
import { pullLfs } from './source/lfs-remedy.js';
import {
  copyModelFiles,
  passFetch,
  retry,
  saveAsSafetensors,
  useFolder,
  useOtherSource,
  useSubfolder,
} from './source/source-remedies.js';

/** Every remedy with its wording; a new code without a row does not compile. */
const ADVICE: {
  readonly [Code in ModelRemedy['code']]: readonly (readonly [
    ModelAdvice,
    Omit<Extract<ModelRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'use-hub-id': [
    [useHubId({ id: 'org/name' }), { id: 'org/name' }, 'pass "org/name"'],
    [
      useHubId({ id: 'org/name', revision: 'v1', subfolder: 'small' }),
      { id: 'org/name', revision: 'v1', subfolder: 'small' },
      'pass "org/name" with revision: "v1", subfolder: "small"',
    ],
  ],
  'use-folder': [
    [useFolder('/models/potion'), { folder: '/models/potion' }, 'pass the folder /models/potion'],
  ],
  'use-subfolder': [
    [useSubfolder(['a', 'b/c']), { subfolders: ['a', 'b/c'] }, 'pass subfolder: "a" or "b/c"'],
  ],
  'copy-model-files': [
    [
      copyModelFiles(),
      {},
      "if a bundler built this program, copy the model's folder there, or pass the URL of another",
    ],
  ],
  'use-other-source': [
    [
      useOtherSource(),
      {},
      'pass a folder, the URL of one, a Hub id such as "minishlab/potion-base-8M", or the bytes of the files',
    ],
  ],
  'use-local-model': [
    [
      useLocalModel('@model2vec-ts/model-minilm-l6', 'docs/guides/offline.md'),
      { bundledPackage: '@model2vec-ts/model-minilm-l6', guide: 'docs/guides/offline.md' },
      'without a network, use the model of @model2vec-ts/model-minilm-l6, pass a folder, or copy a filled cache (guide: docs/guides/offline.md)',
    ],
  ],
  'accept-terms': [
    [
      acceptTerms('https://hub.example/org/name', 'missing'),
      { page: 'https://hub.example/org/name', token: 'missing' },
      'accept its terms at https://hub.example/org/name, and pass a token of that account',
    ],
    [
      acceptTerms('https://hub.example/org/name', 'given'),
      { page: 'https://hub.example/org/name', token: 'given' },
      'accept its terms at https://hub.example/org/name, and check that the token belongs to that account',
    ],
  ],
  'check-access': [
    [checkAccess('missing'), { token: 'missing' }, 'check the name, or pass token'],
    [checkAccess('given'), { token: 'given' }, 'check the name, or check the token and what it may read'],
    [
      checkAccess('given', 'HF_TOKEN'),
      { token: 'given', tokenSource: 'HF_TOKEN' },
      'check the name, or check the token in HF_TOKEN and what it may read',
    ],
  ],
  'pass-token': [[passToken(), {}, 'pass token, or set HF_TOKEN']],
  'check-write-access': [
    [checkWriteAccess('org/name'), { repo: 'org/name' }, 'check that the token may write to org/name'],
  ],
  'check-repository': [
    [checkRepository('org/name'), { repo: 'org/name' }, 'check the name and the revision of org/name'],
  ],
  'pass-fetch': [
    [
      passFetch('credentials'),
      { reason: 'credentials' },
      'remove them, and pass a fetch that sends them as a header',
    ],
    [passFetch('proxy'), { reason: 'proxy' }, 'correct it, or pass a fetch that uses your proxy'],
  ],
  'set-proxy-credentials': [
    [setProxyCredentials(), {}, 'write them into the proxy variable as http://name:password@host'],
  ],
  'check-endpoint': [[checkEndpoint(), {}, 'check endpoint, HF_ENDPOINT and the proxy']],
  retry: [
    [retry(), {}, 'try again later'],
    [retry(30), { seconds: 30 }, 'try again in 30 s'],
  ],
  'allow-requests': [
    [
      allowRequests('localFilesOnly'),
      { setBy: 'localFilesOnly' },
      'load it once without localFilesOnly, or pass another cacheDir',
    ],
  ],
  'list-cached-models': [[listModels(), {}, 'listCachedModels() lists the cached models']],
  'use-other-cache': [
    [
      useOtherCache('disk-full'),
      { obstacle: 'disk-full' },
      'free some space, or pass another cacheDir or set HF_HUB_CACHE',
    ],
    [
      useOtherCache('read-only'),
      { obstacle: 'read-only' },
      'make the file system writable, or pass another cacheDir or set HF_HUB_CACHE',
    ],
  ],
  'save-elsewhere': [
    [
      saveElsewhere('permission-denied'),
      { obstacle: 'permission-denied' },
      'check the owner and the permissions, or save to another folder',
    ],
    [
      saveElsewhere('not-a-folder'),
      { obstacle: 'not-a-folder' },
      'check the path, or save to another folder',
    ],
    [
      saveElsewhere('name-too-long'),
      { obstacle: 'name-too-long' },
      'shorten the name, or save to another folder',
    ],
    [saveElsewhere('unknown'), { obstacle: 'unknown' }, 'check the folder, or save to another folder'],
  ],
  'save-to-memory': [
    [saveToMemory(), {}, 'use modelFilesOf(model), or pass an object with write(path, bytes)'],
  ],
  'convert-dtype': [
    [
      convertDtype('float32'),
      { dtype: 'float32' },
      "convert it first: quantizeModel(model, { dtype: 'float32' }) keeps every value",
    ],
  ],
  'use-unquantized-model': [[useUnquantizedModel(), {}, 'begin with a model without a mapping']],
  'save-as-safetensors': [
    [
      saveAsSafetensors(),
      {},
      'save it as a Model2Vec model with a single model.safetensors, or distil one from it',
    ],
  ],
  'pull-lfs': [[pullLfs(), {}, 'fetch the content with `git lfs pull`']],
  'install-package': [
    [
      installPackage('@huggingface/hub'),
      { packageName: '@huggingface/hub' },
      'run npm install @huggingface/hub',
    ],
  ],
};

const ROWS = Object.entries(ADVICE).flatMap(([code, rows]) =>
  rows.map(([advice, fields, words]) => [code, advice, fields, words] as const),
);

describe('a remedy', () => {
  it.each(ROWS)('%s is data, and is worded with the names of this API', (code, advice, fields, words) => {
    expect(advice).toEqual({ remedy: { code, ...fields }, advice: words });
  });

  it('ends the message, and stays apart from the summary', () => {
    const error = new ModelError('invalid-argument', 'writing needs a token', passToken());
    expect(error.message).toBe('writing needs a token; pass token, or set HF_TOKEN');
    expect(error.summary).toBe('writing needs a token');
    expect(error.remedy).toEqual({ code: 'pass-token' });
  });

  it('is absent from an error without one', () => {
    const error = new ModelError('invalid-argument', 'seed must be a whole number');
    expect(error.message).toBe(error.summary);
    expect(error.remedy).toBeUndefined();
  });

  it('never mentions the command line', () => {
    for (const [, , , words] of ROWS) expect(words).not.toMatch(/\bm2v\b|--/);
  });
});
