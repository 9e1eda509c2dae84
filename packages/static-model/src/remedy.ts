/**
 * What the caller can do about an error, as data: a program renders it in its own words. `message` of a `ModelError`
 * ends with this package's wording, which names its options and functions.
 */
export type ModelRemedy =
  /** The source is the address of a Hub page; pass the model's id, and its revision and subfolder if any. */
  | {
      readonly code: 'use-hub-id';
      readonly id: string;
      readonly revision?: string | undefined;
      readonly subfolder?: string | undefined;
    }
  /** Pass this folder as the source instead. */
  | { readonly code: 'use-folder'; readonly folder: string }
  /** The repository or folder contains models in these subfolders. */
  | { readonly code: 'use-subfolder'; readonly subfolders: readonly string[] }
  /** Pass another kind of source: a folder, a readable URL, a Hub id or bytes. */
  | { readonly code: 'use-other-source' }
  /** Without a network, use a model from npm, a folder, or a cache filled elsewhere. */
  | { readonly code: 'use-local-model'; readonly bundledPackage: string; readonly guide: string }
  /** Accept the terms at `page`, and use a token of that account. */
  | { readonly code: 'accept-terms'; readonly page: string; readonly token: TokenState }
  /** The name is wrong, or the token is missing or lacks access. */
  | { readonly code: 'check-access'; readonly token: TokenState; readonly tokenSource?: string | undefined }
  /** Pass a token. */
  | { readonly code: 'pass-token' }
  /** Use a token with write access to the repository. */
  | { readonly code: 'check-write-access'; readonly repo: string }
  /** The repository's name or revision is wrong. */
  | { readonly code: 'check-repository'; readonly repo: string }
  /** Pass your own `fetch`, because the address needs credentials or a proxy that the platform cannot use. */
  | { readonly code: 'pass-fetch'; readonly reason: 'credentials' | 'proxy' }
  /** The proxy requires a user name and a password. */
  | { readonly code: 'set-proxy-credentials' }
  /** The server is not a Hub, or something in between changes its answers. */
  | { readonly code: 'check-endpoint' }
  /** Retry, after `seconds` if the server named a time. */
  | { readonly code: 'retry'; readonly seconds?: number | undefined }
  /** This option or environment variable forbids requests to the Hub; allow them once. */
  | { readonly code: 'allow-requests'; readonly setBy: OfflineSetting }
  /** List the cached models. */
  | { readonly code: 'list-cached-models' }
  /** Remove the obstacle, or use another cache folder. */
  | { readonly code: 'use-other-cache'; readonly obstacle: FolderObstacle }
  /** Remove the obstacle, or save to another folder. */
  | { readonly code: 'save-elsewhere'; readonly obstacle: FolderObstacle }
  /** There is no file system: keep the files in memory, or pass an object that receives them. */
  | { readonly code: 'save-to-memory' }
  /** Convert the table to this dtype first. */
  | { readonly code: 'convert-dtype'; readonly dtype: 'float32' }
  /** Use a model whose vocabulary is not quantised. */
  | { readonly code: 'use-unquantized-model' }
  /** The repository stores weights in another form; they must be in one `model.safetensors`. */
  | { readonly code: 'save-as-safetensors' }
  /** The file is a Git LFS pointer; fetch its content. */
  | { readonly code: 'pull-lfs' }
  /** An optional package is missing. */
  | { readonly code: 'install-package'; readonly packageName: string };

/** Whether a request was sent with a token. */
export type TokenState = 'missing' | 'given';

/** Setting that forbids requests to the Hub. */
export type OfflineSetting = 'localFilesOnly' | 'HF_HUB_OFFLINE' | 'TRANSFORMERS_OFFLINE';

/** Why a folder cannot be used. */
export type FolderObstacle =
  | 'disk-full'
  | 'permission-denied'
  | 'read-only'
  | 'not-a-folder'
  | 'name-too-long'
  | 'unknown';

/** Words a remedy in terms of this package's API. */
export function apiWords(remedy: ModelRemedy): string {
  switch (remedy.code) {
    case 'use-hub-id':
      return `pass ${JSON.stringify(remedy.id)}${optionWords({ revision: remedy.revision, subfolder: remedy.subfolder })}`;
    case 'use-folder':
      return `pass the folder ${remedy.folder}`;
    case 'use-subfolder':
      return `pass subfolder: ${remedy.subfolders.map((name) => JSON.stringify(name)).join(' or ')}`;
    case 'use-other-source':
      return 'pass a folder, an http:, https: or file: URL of one, a Hub id such as "minishlab/potion-base-8M", or the bytes of the files';
    case 'use-local-model':
      return `without a network, use the model of ${remedy.bundledPackage}, pass a folder, or copy a filled cache (guide: ${remedy.guide})`;
    case 'accept-terms':
      return `accept its terms at ${remedy.page}, and ${remedy.token === 'missing' ? 'pass a token of that account' : 'check that the token belongs to that account'}`;
    case 'check-access':
      return `check the name, or ${tokenWords(remedy)}`;
    case 'pass-token':
      return 'pass token, or set HF_TOKEN';
    case 'check-write-access':
      return `check that the token may write to ${remedy.repo}`;
    case 'check-repository':
      return `check the name and the revision of ${remedy.repo}`;
    case 'pass-fetch':
      return remedy.reason === 'credentials'
        ? 'remove them, and pass a fetch that sends them as a header'
        : 'correct it, or pass a fetch that uses your proxy';
    case 'set-proxy-credentials':
      return 'write them into the proxy variable as http://name:password@host';
    case 'check-endpoint':
      return 'check endpoint, HF_ENDPOINT and the proxy';
    case 'retry':
      return remedy.seconds === undefined ? 'try again later' : `try again in ${remedy.seconds} s`;
    case 'allow-requests':
      return `load it once without ${remedy.setBy}, or pass another cacheDir`;
    case 'list-cached-models':
      return 'listCachedModels() lists the cached models';
    case 'use-other-cache':
      return `${obstacleWords(remedy.obstacle)}, or pass another cacheDir or set HF_HUB_CACHE`;
    case 'save-elsewhere':
      return `${obstacleWords(remedy.obstacle)}, or save to another folder`;
    case 'save-to-memory':
      return 'use modelFilesOf(model), or pass an object with write(path, bytes)';
    case 'convert-dtype':
      return `convert it first: quantizeModel(model, { dtype: '${remedy.dtype}' }) keeps every value`;
    case 'use-unquantized-model':
      return 'begin with a model without a mapping';
    case 'save-as-safetensors':
      return 'save it as a Model2Vec model with a single model.safetensors, or distil one from it';
    case 'pull-lfs':
      return 'fetch the content with `git lfs pull`';
    case 'install-package':
      return `run npm install ${remedy.packageName}`;
  }
}

function optionWords(options: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return ` with ${given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')}`;
}

function tokenWords({ token, tokenSource }: Extract<ModelRemedy, { code: 'check-access' }>): string {
  if (token === 'missing') return 'pass token';
  return `check ${tokenSource === undefined ? 'the token' : `the token in ${tokenSource}`} and what it may read`;
}

function obstacleWords(obstacle: FolderObstacle): string {
  switch (obstacle) {
    case 'disk-full':
      return 'free some space';
    case 'permission-denied':
      return 'check the owner and the permissions';
    case 'read-only':
      return 'make the file system writable';
    case 'not-a-folder':
      return 'check the path';
    case 'name-too-long':
      return 'shorten the name';
    case 'unknown':
      return 'check the folder';
  }
}
