import workerUrl from './text-map-worker.ts?worker&url';

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

/** Address of the worker, which the browser does not tell pages of. */
export const mapWorkerAddress: string = new URL(workerUrl, import.meta.url).href;

/** Arranges vectors in two dimensions, on a thread of its own so that typing is answered meanwhile. */
export function mapOf(
  request: MapRequest,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<MapPoints> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(mapWorkerAddress, { type: 'module' });
    const end = () => worker.terminate();
    signal.addEventListener('abort', () => {
      end();
      reject(signal.reason);
    });
    worker.onmessage = ({ data }: MessageEvent<MapAnswer>) => {
      if ('progress' in data) {
        onProgress(data.progress);
        return;
      }
      end();
      resolve(data);
    };
    worker.onerror = ({ message }) => {
      end();
      reject(new Error(`the map could not be made: ${message}`));
    };
    worker.postMessage(request);
  });
}
