/** How a model on the Hugging Face Hub is found, and where it is kept. */
export interface HubAccess {
  /** Branch, tag, commit or `refs/pr/N` of a Hub model. Default: `main`. */
  readonly revision?: string;
  /**
   * Token for private and gated Hub models, sent to the Hub's own host only. Default: in Node what `HF_TOKEN` or the
   * file of `hf auth login` holds, elsewhere none.
   */
  readonly token?: string;
  /** Address of the Hub or of a mirror. Default: `HF_ENDPOINT`, else `https://huggingface.co`. */
  readonly endpoint?: string;
  /**
   * Folder of cached Hub models, shared with Python. Default: `HF_HUB_CACHE`, `HF_HOME/hub`,
   * `XDG_CACHE_HOME/huggingface/hub` or `~/.cache/huggingface/hub`. Browsers keep models in the Cache API.
   */
  readonly cacheDir?: string;
  /** Take Hub models from the cache alone, without a request. Default: `false`, and `true` with `HF_HUB_OFFLINE`. */
  readonly localFilesOnly?: boolean;
  /**
   * Ask the Hub for the newest version of the revision, and check the hash of every cached file. Default: `false`:
   * what is cached is used without a request.
   */
  readonly forceDownload?: boolean;
}
