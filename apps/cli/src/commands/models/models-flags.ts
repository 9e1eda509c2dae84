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

/** A model and, if given, its version. */
export interface ModelSpec {
  readonly id: string;
  readonly revision?: string;
}

/** Converts the flags to options of the package. */
export function cacheOptions({ cacheDir }: CacheFlags): { readonly cacheDir?: string } {
  return cacheDir === undefined ? {} : { cacheDir };
}

/** Formats a model as the user writes it. */
export function shownSpec({ id, revision }: ModelSpec): string {
  return revision === undefined ? id : `${id}@${revision}`;
}
