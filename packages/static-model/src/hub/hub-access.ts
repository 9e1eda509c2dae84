/** Where on the Hugging Face Hub a model is, and where it is cached. */
export interface HubAccess {
  /** Branch, tag, commit or `refs/pr/N` of a Hub model. @defaultValue `main` */
  readonly revision?: string;
  /**
   * Token for private and gated Hub models, sent only to the Hub's own host.
   * @defaultValue in Node `HF_TOKEN` or the token saved by `hf auth login`; elsewhere no token
   */
  readonly token?: string;
  /** Address of the Hub or of a mirror. @defaultValue `HF_ENDPOINT`, else `https://huggingface.co` */
  readonly endpoint?: string;
  /**
   * Folder of cached Hub models, shared with Python. Browsers keep models in the Cache API instead.
   *
   * @defaultValue `HF_HUB_CACHE`, `HF_HOME/hub`, `XDG_CACHE_HOME/huggingface/hub` or `~/.cache/huggingface/hub`
   */
  readonly cacheDir?: string;
  /**
   * Load Hub models only from the cache, without requests.
   * @defaultValue `false`, or `true` if `HF_HUB_OFFLINE` is set
   */
  readonly localFilesOnly?: boolean;
  /**
   * Ask the Hub for the newest version of the revision, and check the hash of every cached file.
   * @defaultValue `false`: a cached model is used without a request
   */
  readonly forceDownload?: boolean;
}
