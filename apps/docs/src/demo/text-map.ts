import type { MapAnswer, MapPoints, MapRequest } from './text-map-messages.js';
import workerUrl from './text-map-worker.ts?worker&url';

/** Address of the worker script, which browsers do not expose to pages. */
export const mapWorkerAddress: string = new URL(workerUrl, import.meta.url).href;

/** Arranges vectors in two dimensions in a worker, so that the page stays responsive. */
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
      reject(new Error(`the map could not be drawn: ${message}`));
    };
    worker.postMessage(request);
  });
}
