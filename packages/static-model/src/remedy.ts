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
  /** The bundler left out a file that the program names by URL: copy the model's folder, or pass the URL of another. */
  | { readonly code: 'copy-model-files' }
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

/**
 * A remedy and its wording for callers of this package. Each remedy has its own function, in the folder of the code that
 * needs it, so that a page loads only the wording that its code can need.
 */
export interface ModelAdvice {
  readonly remedy: ModelRemedy;
  readonly advice: string;
}
