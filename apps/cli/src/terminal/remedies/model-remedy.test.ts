import { ModelError, type ModelRemedy } from '@model2vec-ts/static-model';
import { expect, it } from 'vitest';
import { failureLine } from './failure-line.js';

/** Every remedy with its words on the command line; a new code without a row does not compile. */
const WORDS: {
  readonly [Code in ModelRemedy['code']]: readonly (readonly [
    Omit<Extract<ModelRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'use-hub-id': [
    [{ id: 'org/name' }, 'use org/name'],
    [
      { id: 'org/name', revision: 'v1', subfolder: 'small' },
      'use org/name with --revision v1 and --subfolder small',
    ],
  ],
  'use-folder': [[{ folder: '/models/potion' }, 'use the folder /models/potion']],
  'use-subfolder': [[{ subfolders: ['a', 'b/c'] }, 'pass --subfolder a or b/c']],
  'copy-model-files': [[{}, 'install the package of the model again']],
  'use-other-source': [[{}, 'use a folder, the URL of one, or a Hub id such as minishlab/potion-base-8M']],
  'use-local-model': [
    [
      { bundledPackage: '@model2vec-ts/model-minilm-l6', guide: 'docs/guides/offline.md' },
      'without a network, use the bundled model (without --model), a folder, or a filled cache (guide: docs/guides/offline.md)',
    ],
  ],
  'accept-terms': [
    [
      { page: 'https://hub.example/org/name', token: 'missing' },
      'accept its terms at https://hub.example/org/name, and set HF_TOKEN or run hf auth login',
    ],
    [
      { page: 'https://hub.example/org/name', token: 'given' },
      'accept its terms at https://hub.example/org/name, and check that the token belongs to that account',
    ],
  ],
  'check-access': [
    [{ token: 'missing' }, 'check the name, or set HF_TOKEN or run hf auth login'],
    [{ token: 'given' }, 'check the name, or check the token and what it may read'],
    [
      { token: 'given', tokenSource: 'HF_TOKEN' },
      'check the name, or check the token in HF_TOKEN and what it may read',
    ],
  ],
  'pass-token': [[{}, 'set HF_TOKEN or run hf auth login']],
  'check-write-access': [[{ repo: 'org/name' }, 'check that the token may write to org/name']],
  'check-repository': [[{ repo: 'org/name' }, 'check the name and the revision of org/name']],
  'pass-fetch': [
    [{ reason: 'credentials' }, 'remove them, or download the files and use their folder'],
    [{ reason: 'proxy' }, 'correct it'],
  ],
  'set-proxy-credentials': [[{}, 'write them into the proxy variable as http://name:password@host']],
  'check-endpoint': [[{}, 'check HF_ENDPOINT and the proxy']],
  retry: [
    [{}, 'try again later'],
    [{ seconds: 30 }, 'try again in 30 s'],
  ],
  'allow-requests': [
    [{ setBy: 'localFilesOnly' }, 'download it with m2v models pull'],
    [{ setBy: 'HF_HUB_OFFLINE' }, 'run the command once without HF_HUB_OFFLINE'],
  ],
  'list-cached-models': [[{}, 'm2v models ls lists the cached models']],
  'use-other-cache': [
    [{ obstacle: 'disk-full' }, 'free some space, or set HF_HUB_CACHE to another folder'],
    [{ obstacle: 'read-only' }, 'make the file system writable, or set HF_HUB_CACHE to another folder'],
  ],
  'save-elsewhere': [
    [{ obstacle: 'permission-denied' }, 'check the owner and the permissions, or pass another --output'],
    [{ obstacle: 'not-a-folder' }, 'check the path, or pass another --output'],
    [{ obstacle: 'name-too-long' }, 'shorten the name, or pass another --output'],
    [{ obstacle: 'unknown' }, 'check the folder, or pass another --output'],
  ],
  'save-to-memory': [[{}, 'run m2v with Node']],
  'convert-dtype': [
    [{ dtype: 'float32' }, 'convert it first with m2v quantize --dtype float32, which keeps every value'],
  ],
  'use-unquantized-model': [[{}, 'begin with a model without a mapping']],
  'save-as-safetensors': [
    [{}, 'save it as a Model2Vec model with a single model.safetensors, or distil one from it'],
  ],
  'pull-lfs': [[{}, 'download the content with git lfs pull']],
  'install-package': [
    [
      { packageName: '@huggingface/hub' },
      'run npm install @huggingface/hub (with --global if m2v is installed globally)',
    ],
  ],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as ModelRemedy, words] as const),
);

it.each(ROWS)('%j is %j on the command line', async (remedy, words) => {
  const error = new ModelError('invalid-argument', 'it failed', { remedy });
  expect(await failureLine(error)).toBe(`it failed; ${words}`);
});
