/** Method that places vectors in a plane. */
export type LayoutMethod = 'umap' | 'pca';

/** A point in the plane. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** UMAP's usual number of neighbours. */
const NEIGHBOURS = 15;
/** With fewer points, neighbourhoods are meaningless. */
const FEWEST_FOR_UMAP = 5;

/**
 * Arranges vectors in a plane, by their directions.
 *
 * @param random - initialises UMAP; the same numbers give the same layout
 * @param onProgress - called with the finished fraction, from 0 to 1
 */
export async function planeLayout(
  vectors: readonly Float32Array[],
  method: LayoutMethod,
  random: () => number,
  onProgress: (fraction: number) => void,
): Promise<readonly Place[]> {
  const rows = Array.from(vectors, direction);
  const places =
    method === 'umap' && rows.length >= FEWEST_FOR_UMAP
      ? await umap(rows, random, onProgress)
      : await principalComponents(rows);
  // If all rows are equal, there is no direction in which they differ.
  return places.map(([x = 0, y = 0]) => ({ x: finite(x), y: finite(y) }));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function direction(row: Float32Array): number[] {
  const length = Math.hypot(...row);
  return Array.from(row, (value) => (length === 0 ? 0 : value / length));
}

async function umap(
  rows: number[][],
  random: () => number,
  onProgress: (fraction: number) => void,
): Promise<number[][]> {
  const { UMAP } = await import('umap-js');
  const layout = new UMAP({ nNeighbors: Math.min(NEIGHBOURS, rows.length - 1), random });
  const epochs = layout.initializeFit(rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    layout.step();
    if (epoch % 10 > 0) continue;
    onProgress(epoch / epochs);
    // Lets an interruption take effect between steps.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return layout.getEmbedding();
}

async function principalComponents(rows: number[][]): Promise<number[][]> {
  const { PCA } = await import('ml-pca');
  // The other methods compute all components, which takes ten times as long.
  const components = new PCA(rows, { method: 'NIPALS', nCompNIPALS: 2 });
  return components.predict(rows, { nComponents: 2 }).to2DArray();
}
