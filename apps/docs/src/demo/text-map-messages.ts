/** How vectors become points. */
export type MapMethod = 'pca' | 'umap';

/** What the map's worker is asked for. */
export interface MapRequest {
  readonly method: MapMethod;
  readonly data: Float32Array;
  readonly rows: number;
  readonly dim: number;
}

/** Texts as points. */
export interface MapPoints {
  /** Two coordinates a point. */
  readonly points: Float32Array;
  /** The text of each point. */
  readonly indices: Uint32Array;
}

/** What the map's worker says. */
export type MapAnswer = MapPoints | { readonly progress: number };
