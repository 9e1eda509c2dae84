/** The flags of every command about cached models. */
export interface CacheFlags {
  readonly cacheDir?: string;
  readonly quiet?: boolean;
}

/** The flags of `m2v models ls`. */
export interface ListingFlags extends CacheFlags {
  readonly json?: boolean;
}

/** The flags of `m2v models pull`. */
export interface PullFlags extends CacheFlags {
  readonly subfolder?: string;
}

/** The flags of `m2v models rm`. */
export interface RemovalFlags extends CacheFlags {
  readonly yes?: boolean;
}

/** A model, and the version that is meant where one is. */
export interface ModelSpec {
  readonly id: string;
  readonly revision?: string;
}

/** The flags as the package takes them. */
export function cacheOptions({ cacheDir }: CacheFlags): { readonly cacheDir?: string } {
  return cacheDir === undefined ? {} : { cacheDir };
}

/** The model as the user would write it. */
export function shownSpec({ id, revision }: ModelSpec): string {
  return revision === undefined ? id : `${id}@${revision}`;
}
