/** Method that maps vectors to points. */
export type MapMethod = 'pca' | 'umap';

/** Request to the map's worker. */
export interface MapRequest {
  readonly method: MapMethod;
  readonly data: Float32Array;
  readonly rows: number;
  readonly dim: number;
}

/** Texts as points. */
export interface MapPoints {
  /** Two coordinates per point. */
  readonly points: Float32Array;
  /** Index of each point's text. */
  readonly indices: Uint32Array;
}

/** Message from the map's worker. */
export type MapAnswer = MapPoints | { readonly progress: number };
