/** Result of caching a page for offline use. */
export type OfflineState = 'kept' | 'unavailable';

/**
 * Asks the service worker to cache this page and everything it has fetched, so that it works offline.
 *
 * @param more - addresses that browsers do not expose to pages, such as worker scripts
 */
export async function keepForOffline(more: readonly string[] = []): Promise<OfflineState> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return 'unavailable';
  try {
    await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}service-worker.js`);
    const { active } = await navigator.serviceWorker.ready;
    if (active === null) return 'unavailable';
    const page = new URL(location.pathname, location.origin).href;
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
    return await answer(active, [page, ...fetched, ...more]);
  } catch {
    // Private windows refuse service workers; the site works without them.
    return 'unavailable';
  }
}

function answer(worker: ServiceWorker, keep: readonly string[]): Promise<OfflineState> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<{ readonly kept?: number }>) => {
      port1.close();
      resolve(data.kept === undefined ? 'unavailable' : 'kept');
    };
    worker.postMessage({ keep }, [port2]);
  });
}
